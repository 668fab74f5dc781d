import { minimize } from "@downhill/core";
import { leaf } from "@downhill/core/engine";
import { adam } from "@downhill/optimizers";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import "../backends.fixture.js";
import { tfjs } from "./tfjs.js";

describe("tfjs()", () => {
  it("has no float64, and says what to do", async () => {
    expect(tfjs("cpu").dtypes).toEqual(["float32"]);
    await expect(tfjs("cpu").open({ p: { x: [1] } }, "float64")).rejects.toThrow(
      /no float64 in TensorFlow.js.*dtype: "float32".*js\(\) or wasm\(\)/,
    );
    const bowl = { start: { x: 1 }, optimizer: adam(), engine: tfjs("cpu"), dtype: "float64" } as const;
    await expect(minimize(({ x }) => x.square(), bowl)).rejects.toThrow(/tfjs-cpu has no float64/);
  });

  it("names the backends that there are where one is not registered", async () => {
    await expect(tfjs("webgpu").open({}, "float32")).rejects.toThrow(
      /"webgpu" is not registered.*registered are cpu, wasm, other.*import "@tensorflow\/tfjs-backend-webgpu"/,
    );
  });

  it("says so when another backend has come into use in between", async () => {
    const session = await tfjs("wasm").open({ p: { x: [2] } }, "float32");
    const double = {
      writes: [{ arena: "p", name: "x", value: leaf("p", "x", [2]).mul(2) }],
      hostScalars: [],
    };
    const kernel = await session.load(double);
    session.write("p", "x", [1, 2]);
    await tf.setBackend("cpu");
    await expect(kernel.run(new Float64Array(0))).rejects.toThrow(
      /memory is on backend "wasm".*uses "cpu".*await tf.setBackend\("wasm"\)/,
    );
    await tf.setBackend("wasm");
    await kernel.run(new Float64Array(0));
    expect([...(await session.read("p", "x"))]).toEqual([2, 4]);
    session.dispose();
  });

  it("frees all of its tensors", async () => {
    await tf.setBackend("cpu");
    const before = tf.memory().numTensors;
    const session = await tfjs("cpu").open({ p: { x: [2], y: [3] } }, "float32");
    session.write("p", undefined, [1, 2, 3, 4, 5]);
    session.write("p", "y", [7]);
    expect([...(await session.read("p"))]).toEqual([1, 2, 7, 4, 5]);
    expect(() => session.write("p", "z", [1])).toThrow(
      'no slot "p:z" in this session\'s memory; it has p:x, p:y',
    );
    session.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
