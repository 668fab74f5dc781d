import { tfjs, tfOptimizer } from "@downhill/tfjs";
import "@downhill/tfjs/webgpu";

console.log(tfOptimizer, tfjs);
