import type { Data } from "@downhill/core";
import { decodeSafetensors, encodeSafetensors, FormatError } from "@downhill/core/train";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linear, mlp, softmax } from "../models/index.js";
import { numbers } from "../test-support/compute.js";
import { predict } from "../use/index.js";
import { crc32 } from "./crc32.js";
import { decodeModel, encodeModel, loadModel, saveModel } from "./index.js";

const net = mlp({ hidden: [5, 4], classes: 3, activation: "tanh" });
const start = net.init(1, { x: [2], y: [] });
const preprocessing = {
  features: ["length", "width"],
  target: "species",
  classes: ["Adelie", "Chinstrap", "Gentoo"],
  scaling: { mean: [0.1, -1 / 3], scale: [2, 1e-3] },
};
const bytes = () => encodeModel(saveModel(net, start, preprocessing));
const x = numbers([[1, 2], [0, -1]]); // biome-ignore format: a matrix

describe("a saved model", () => {
  it("predicts the same bits after a trip through a file", () => {
    const loaded = loadModel(decodeModel(bytes()));
    expect(loaded.model.config).toEqual(net.config);
    expect(loaded.preprocessing).toEqual(preprocessing);
    expect(predict(loaded.model, loaded.parameters, x)).toEqual(predict(net, start, x));
  });

  it("is a copy: training on does not change it", () => {
    const parameters = { weight: numbers([[1]]), bias: numbers([2]) };
    const saved = saveModel(linear(), parameters);
    parameters.weight.data[0] = 7;
    expect(saved.parameters.weight!.data[0]).toBe(1);
  });

  it("keeps float32 as float32", () => {
    const weight: Data = { data: Float32Array.of(0.1), shape: [1, 1] };
    const saved = saveModel(linear(), { weight, bias: { data: Float32Array.of(3), shape: [1] } });
    expect(decodeModel(encodeModel(saved))).toEqual(saved);
  });

  it("is the same bytes for the same model", () => {
    expect(bytes()).toEqual(bytes());
  });

  it("is a safetensors file with its parameters by name", () => {
    const { tensors, metadata } = decodeSafetensors(bytes());
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(start).sort());
    expect(JSON.parse(metadata.preprocessing!)).toEqual(preprocessing);
  });
});

describe("saveModel", () => {
  it("refuses parameters of another model", () => {
    expect(() => saveModel(net, { weight: numbers([1]) } as never)).toThrow(
      'mlp: parameter "hidden1.weight" is missing; there are weight.',
    );
  });

  it("refuses figures that JSON would change", () => {
    const scaling = { mean: [Number.NaN, 0], scale: [1, 1] };
    expect(() => encodeModel(saveModel(net, start, { scaling }))).toThrow(
      'encodeModel: preprocessing has NaN at "0"; JSON holds finite numbers only.',
    );
  });
});

describe("loadModel", () => {
  const saved = saveModel(net, start);

  it("refuses parameters that do not belong to the configuration", () => {
    const { config } = softmax({ classes: 3 });
    expect(() => loadModel({ ...saved, config })).toThrow('softmax: parameter "weight" is missing');
    expect(() => loadModel({ ...saved, config: mlp({ hidden: [5], classes: 3 }).config })).toThrow(
      'mlp: parameter "output.weight" has shape [4, 3]; 2 features need [5, 3].',
    );
    const more = { ...saved.parameters, extra: numbers([1]) };
    expect(() => loadModel({ ...saved, parameters: more })).toThrow(
      'mlp has no parameter "extra"; it has hidden1.weight,',
    );
  });

  it("refuses a configuration that is none", () => {
    expect(() => loadModel({ ...saved, config: { model: "tree" } })).toThrow('unknown model "tree"');
    expect(() => loadModel({ ...saved, config: { model: "mlp", classes: 3 } })).toThrow(
      "mlp: hidden must be a list",
    );
  });
});

describe("decodeModel", () => {
  /** The file with other metadata and a checksum that is right again. */
  const forged = (change: Record<string, string>, tensors = decodeSafetensors(bytes()).tensors) => {
    const { checksum: _, ...metadata } = { ...decodeSafetensors(bytes()).metadata, ...change };
    const checksum = crc32(encodeSafetensors(tensors, metadata)).toString(16).padStart(8, "0");
    return encodeSafetensors(tensors, { ...metadata, checksum });
  };

  it.each([
    ["a file that is cut off", () => bytes().slice(0, -1), "The file is cut off."],
    [
      "another tool's file",
      () => encodeSafetensors(start, { format: "pt" }),
      'format "pt", expected "downhill-model"',
    ],
    ["a file without metadata", () => encodeSafetensors(start), "format undefined, expected"],
    ["a newer file", () => forged({ version: "2" }), "is of version 2; this package reads version 1"],
    [
      "a configuration that is no JSON",
      () => forged({ config: "{" }),
      'metadata\'s "config" is no JSON object',
    ],
    [
      "a configuration that is no object",
      () => forged({ preprocessing: "1" }),
      '"preprocessing" is no JSON object',
    ],
    [
      "whole numbers",
      () => forged({}, { n: { data: Int32Array.of(1), shape: [1] } }),
      'parameter "n" holds whole numbers; expected F32 or F64.',
    ],
  ])("refuses %s and says so", (_, make, message) => {
    expect(() => decodeModel(make())).toThrow(message);
    expect(() => decodeModel(make())).toThrow(FormatError);
  });

  it("reads the forgery of these tests where nothing is wrong", () => {
    expect(decodeModel(forged({}))).toEqual(decodeModel(bytes()));
  });

  it("notices any bit that was altered", () => {
    const good = bytes();
    const contents = decodeModel(good);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(7), (at, bit) => {
        const altered = good.slice();
        altered[at]! ^= 1 << bit;
        try {
          // White space of the header says nothing, so it may change.
          expect(decodeModel(altered)).toEqual(contents);
          expect(String.fromCharCode(good[at]!)).toBe(" ");
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

it("crc32 gives the standard's check value", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});
