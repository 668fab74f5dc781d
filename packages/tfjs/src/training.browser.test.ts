import "@tensorflow/tfjs-backend-webgl";
import "@tensorflow/tfjs-backend-webgpu";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { describe, expect, it } from "vitest";
import { learnDigits, nets } from "./digits.fixture.js";
import "./webgl.js";
import "./webgpu.js";

describe.each(["webgl", "webgpu"])("on %s", (backend) => {
  it.each(Object.entries(nets))(
    "a %s net learns the digits with the drop-in, by kernels of ours",
    async (_, make) => {
      const { accuracy, paths, left } = await learnDigits(backend, make);
      expect(accuracy).toBeGreaterThan(0.9);
      expect(paths).toEqual([backend]);
      expect(left).toBe(0);
    },
    60_000,
  );
});
