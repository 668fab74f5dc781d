import { expect, it } from "vitest";
import { clip, momentum } from "./test-rules.js";
import { checkOptimizer } from "./check-optimizer.js";
