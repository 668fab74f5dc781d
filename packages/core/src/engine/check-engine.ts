import { mistaken } from "../text/mistaken.js";
import type { Engine } from "./engine.js";

/** Throws a TypeError that says what was given, unless `x` is an engine: plain JavaScript may pass anything. */
export function checkEngine(owner: string, x: unknown): asserts x is Engine {
  if (Object(x)["~engine"] === 1) return;
  throw mistaken(owner, "engine", "js", x, typeof x === "function" ? x.name : "");
}
