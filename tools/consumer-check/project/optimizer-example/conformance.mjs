// The template of a plugin, built here from its copied sources, passes the suite that the published rules pass.
import { describe, it } from "node:test";
import { describeOptimizer } from "@downhill/testing";
import { qhm } from "./dist/index.js";

describeOptimizer({ make: qhm, elementwise: true, solves: { learningRate: 0.1 } }, { describe, it });
