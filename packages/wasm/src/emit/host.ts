import type { HostValue } from "@downhill/core/engine";
import type { Code } from "../encode/code.js";
import { f64, i32 } from "../encode/instructions.js";
import { asMask, asNumber, isComparison, type Speller, spell, type Value } from "./elementwise.js";
import { float64 } from "./lanes.js";
import type { Target } from "./target.js";

/**
 * The host's values, from the numbers that a run is given, in float64: inside the module, for JavaScript's own functions
 * would put each result on its heap.
 */
export function emitHost(target: Target, code: Code, list: readonly HostValue[]): void {
  const zero = i32.const(0);
  const speller: Speller = { lanes: float64, call: (name, ...x) => target.callVector(name, float64, ...x) };
  const values: Value[] = [];
  const keep = (value: Value["get"], mask = false): Value => ({ get: code.keep("v128", value).get, mask });
  for (const value of list) {
    if (value.op === "constant") values.push(keep(float64.number(value.value)));
    else if (value.op === "given") values.push(keep(float64.loadSplat(zero, target.given + 8 * value.index)));
    else {
      const inputs = value.inputs.map(
        (input, i) =>
          code.keep("v128", (value.op === "where" && i === 0 ? asMask : asNumber)(speller, values[input]!))
            .get,
      );
      values.push(keep(spell(speller, value.op, inputs), isComparison(value.op)));
    }
  }
  values.forEach((value, i) => {
    code.eval(f64.store(zero, target.hostAddress(i), float64.first(asNumber(speller, value))));
  });
}
