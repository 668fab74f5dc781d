import * as core from "@downhill/core";

console.log(core);
