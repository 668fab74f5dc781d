import { tfOptimizer } from "@downhill/tfjs";

console.log(tfOptimizer);
