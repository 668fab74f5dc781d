import { decode } from "fast-png";
import { expect, test } from "vitest";
import { images } from "./images.js";

const packed = (shape: number[], data: number[]) => ({
  dtype: "float64" as const,
  shape,
  data: Float64Array.from(data),
});
const pixels = (png: unknown) => Array.from(decode(png as Uint8Array).data);

test("grey pictures share one scale from black to white", () => {
  const { tensor } = images("digits", packed([2, 1, 3], [0, 4, 8, 16, 16, Number.NaN]));
  const [width, height, ...pngs] = tensor.data as Uint8Array[];
  expect(new TextDecoder().decode(width)).toBe("3");
  expect(new TextDecoder().decode(height)).toBe("1");
  expect(tensor.shape).toEqual([4]);
  expect(pngs.map(pixels)).toEqual([
    [0, 64, 128],
    [255, 255, 0],
  ]);
  expect(decode(pngs[0]!).channels).toBe(1);
});

test("a last axis of three is red, green and blue", () => {
  const png = images("photo", packed([1, 1, 1, 3], [0, 51, 255])).tensor.data[2] as Uint8Array;
  expect(decode(png).channels).toBe(3);
  expect(pixels(png)).toEqual([0, 51, 255]);
});

test("pixels may be base64, as a file has them", () => {
  const base64 = { dtype: "uint8" as const, shape: [1, 1, 2], data: "AP8=" };
  expect(pixels(images("two", base64).tensor.data[2])).toEqual([0, 255]);
});

test("what is no picture is an error that says its shape", () => {
  expect(() => images("flat", packed([4], [1, 2, 3, 4]))).toThrow(
    /"flat" have shape \[4\] and 4 numbers; expected \[k/,
  );
});
