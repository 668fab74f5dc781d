import { describeValue } from "../text/describe-value.js";
import type { Engine } from "./engine.js";

/** Throws a TypeError that says what was given, unless `x` is an engine: plain JavaScript may pass anything. */
export function checkEngine(owner: string, x: unknown): asserts x is Engine {
  if (Object(x)["~engine"] === 1) return;
  if (typeof x === "function") {
    const call = x.name === "" ? "expected an engine, such as js()." : `did you mean ${x.name}()?`;
    throw new TypeError(`${owner}: engine is a function; ${call}`);
  }
  throw new TypeError(`${owner}: engine is ${describeValue(x)}; expected an engine, such as js().`);
}
