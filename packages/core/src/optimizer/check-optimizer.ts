import { mistaken } from "../text/mistaken.js";
import type { Optimizer } from "./optimizer.js";

/** Throws a TypeError that says what was given, unless `x` is an optimizer: plain JavaScript may pass anything. */
export function checkOptimizer(owner: string, x: unknown): asserts x is Optimizer<any> {
  if (x === undefined) throw new TypeError(`${owner}: there is no optimizer; set one, such as adam().`);
  const { "~optimizer": brand, "~transform": transform, name, definition } = Object(x);
  if (brand === 1) return;
  if (transform === 1) {
    throw new TypeError(
      `${owner}: optimizer is the transform ${name}, which changes gradients for an optimizer; ` +
        "put it before one by chain(…, adam()).",
    );
  }
  // What makes an optimizer knows its name; other functions are somebody's own.
  const made = String(definition?.name ?? "");
  const camelCase = made.replace(/[- ]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  throw mistaken(owner, "optimizer", "adam", x, camelCase);
}
