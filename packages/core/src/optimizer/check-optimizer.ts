import { describeValue } from "../text/describe-value.js";
import type { Optimizer } from "./optimizer.js";

/** Throws a TypeError that says what was given, unless `x` is an optimizer: plain JavaScript may pass anything. */
export function checkOptimizer(owner: string, x: unknown): asserts x is Optimizer<any> {
  if (x === undefined) throw new TypeError(`${owner}: there is no optimizer; set one, such as adam().`);
  const { "~optimizer": brand, "~transform": transform, name } = Object(x);
  if (brand === 1) return;
  if (typeof x === "function") throw new TypeError(`${owner}: optimizer is a function; ${howToCall(x)}`);
  if (transform === 1) {
    throw new TypeError(
      `${owner}: optimizer is the transform ${name}, which changes gradients for an optimizer; ` +
        "put it before one by chain(…, adam()).",
    );
  }
  throw new TypeError(`${owner}: optimizer is ${describeValue(x)}; expected an optimizer, such as adam().`);
}

/** What makes an optimizer knows its name; other functions are somebody's own. */
function howToCall(make: Function): string {
  const name: unknown = Object(make).definition?.name;
  if (typeof name !== "string") return "expected an optimizer, such as adam().";
  return `did you mean ${name.replace(/[- ]+(\w)/g, (_, letter: string) => letter.toUpperCase())}()?`;
}
