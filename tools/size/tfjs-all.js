import { registerOptimizers, registerSchedules, tfjs, tfOptimizer } from "@downhill/tfjs";
import "@downhill/tfjs/webgl";
import "@downhill/tfjs/webgpu";

console.log(tfOptimizer, tfjs, registerOptimizers, registerSchedules);
