import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { boundOf, deviationFromFloat64, rules } from "./every-rule.fixture.js";
import "./webgpu.js";

describe.each(["webgl", "webgpu"])("100 steps on %s, against float64", (backend) => {
  beforeAll(() => tf.setBackend(backend));

  it.each(rules)(
    "%s",
    async (name, make) => {
      expect(await deviationFromFloat64(make)).toBeLessThanOrEqual(boundOf(name));
    },
    60_000,
  );
});
