import type { HostValue } from "@downhill/core/engine";
import type { Code } from "../encode/code.js";
import { f64, f64x2, i32, v128 } from "../encode/instructions.js";
import { asMask, asNumber, isComparison, type Speller, spell, type Value } from "./elementwise.js";
import { float64 } from "./lanes.js";
import type { Target } from "./target.js";

const pair = v128.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);

/**
 * The host's values, from the numbers that a run is given, in float64: inside the module, for JavaScript's own functions
 * would put each result on its heap.
 */
export function emitHost(target: Target, code: Code, list: readonly HostValue[]): void {
  const zero = i32.const(0);
  const speller: Speller = { lanes: float64, call: (name, ...x) => target.callVector(name, float64, ...x) };
  const values: Value[] = [];
  const keep = (value: Value["get"], mask = false): Value => ({ get: code.keep("v128", value).get, mask });
  const compute = (value: HostValue): Value => {
    if (value.op === "constant") return keep(float64.number(value.value));
    if (value.op === "given") return keep(float64.loadSplat(zero, target.given + 8 * value.index));
    const inputs = value.inputs.map(
      (input, i) =>
        code.keep("v128", (value.op === "where" && i === 0 ? asMask : asNumber)(speller, values[input]!)).get,
    );
    return keep(spell(speller, value.op, inputs), isComparison(value.op));
  };
  /** Powers take longer than all else, and a vector has room for two. */
  const powers = (first: number, second: number) => {
    const both = [first, second].map((i) => (list[i] as { inputs: readonly number[] }).inputs);
    const [x, y] = [0, 1].map((at) => {
      const [a, b] = both.map((inputs) => asNumber(speller, values[inputs[at]!]!));
      return code.keep("v128", pair(a!, b!)).get;
    });
    const result = code.keep("v128", target.callRememberingPow(x!, y!)).get;
    values[first] = { get: result, mask: false };
    if (second !== first) values[second] = keep(f64x2.splat(f64x2.extract(1)(result)));
  };

  const isPower = (i: number) => list[i]!.op === "pow";
  let left = list.map((_, i) => i);
  const isReady = (i: number) => {
    const value = list[i]!;
    return !("inputs" in value) || value.inputs.every((input) => values[input]);
  };
  while (left.length > 0) {
    for (const i of left) if (!isPower(i) && isReady(i)) values[i] = compute(list[i]!);
    const [first, second = first] = left.filter((i) => isPower(i) && isReady(i));
    if (first !== undefined) powers(first, second!);
    left = left.filter((i) => !values[i]);
  }
  values.forEach((value, i) => {
    if (!target.read.host.has(i)) return;
    code.eval(f64.store(zero, target.hostAddress(i), float64.first(asNumber(speller, value))));
  });
}
