import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { beforeAll, describe, expect, it } from "vitest";
import { boundOf, deviationFromFloat64, rules } from "./every-rule.fixture.js";
import { distanceFromTfTrain, pairs } from "./optimizer/beside-tf-train.fixture.js";
import "./webgl.js";
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

describe.each(["webgl", "webgpu"])("beside tf.train on %s", (backend) => {
  beforeAll(() => tf.setBackend(backend));

  it.each(pairs)(
    "goes the same way: %s",
    async (_, theirs, ours) => {
      expect(await distanceFromTfTrain(theirs, ours)).toBeLessThanOrEqual(2e-5);
    },
    30_000,
  );
});
