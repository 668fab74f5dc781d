import { type Data, formatShape } from "@downhill/core";
import { checkMatches, formatPattern, matches, type Pattern } from "../groups/pattern.js";

export interface TorchOptions {
  /**
   * Parameters that are transposed on the way, with their state: a linear layer's weight is [out, in] in PyTorch,
   * [in, out] here. A name, a glob, or a predicate on name and shape; default none.
   */
  readonly transpose?: Pattern;
}

/** Which parameters are to be transposed. Throws when none is, and for one that is no matrix. */
export function transposedNames(
  owner: string,
  parameters: Readonly<Record<string, Data>>,
  { transpose }: TorchOptions,
): ReadonlySet<string> {
  if (transpose === undefined) return new Set();
  const infos = Object.entries(parameters).map(([name, { shape }]) => ({ name, shape }));
  checkMatches(`${owner}: transpose`, transpose, infos);
  const chosen = infos.filter((info) => matches(transpose, info));
  for (const { name, shape } of chosen) {
    if (shape.length === 2) continue;
    throw new Error(
      `${owner}: transpose (${formatPattern(transpose)}) takes "${name}", whose shape ${formatShape(shape)} is no matrix's. ` +
        "Choose by shape: transpose: ({ shape }) => shape.length === 2.",
    );
  }
  return new Set(chosen.map(({ name }) => name));
}

/** The transpose of a matrix. */
export function transposed({ data, shape }: Data): Data {
  const [rows, columns] = shape as readonly [number, number];
  const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
  return { data: turned, shape: [columns, rows] };
}
