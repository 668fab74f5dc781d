import { tfjs, tfOptimizer } from "@downhill/tfjs";
import "@downhill/tfjs/webgl";

console.log(tfOptimizer, tfjs);
