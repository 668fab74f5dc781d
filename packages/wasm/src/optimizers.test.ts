import { reference } from "@downhill/core";
import { catalogue } from "@downhill/optimizers";
import { optimizerSuite } from "@downhill/testing";
import { describe, expect, it } from "vitest";
import { wasm } from "./wasm.js";

const checks = optimizerSuite.filter(({ title }) => /engine/.test(title));

describe.each(checks.map((check) => [check.title, check] as const))("every rule %s", (_, check) => {
  it.each(Object.entries(catalogue.rules))("%s", async (_, make) => {
    await check.run({ make, engines: [reference(), wasm({ fallback: false })] });
  });

  it("is looked at", () => expect(Object.keys(catalogue.rules).length).toBeGreaterThan(30));
});
