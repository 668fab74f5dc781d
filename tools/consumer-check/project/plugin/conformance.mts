// An optimizer written outside the workspace passes the suite that the published ones pass.
import { optimizerSuite } from "@downhill/testing";
import { lion } from "./lion.mjs";

const failures: string[] = [];
for (const { title, run } of optimizerSuite) {
  try {
    await run({ make: lion, elementwise: true, solves: { learningRate: 1e-3 } });
  } catch (error) {
    failures.push(`${title}: ${error instanceof Error ? error.message : error}`);
  }
}
if (optimizerSuite.length === 0) failures.push("the suite is empty");
if (failures.length > 0) throw new Error(failures.join("\n"));
