import { describeValue } from "./describe-value.js";

/** The error for a value that should have been an optimizer or an engine; `made` is what a call of it would make. */
export function mistaken(
  owner: string,
  role: "optimizer" | "engine",
  example: string,
  x: unknown,
  made: string,
): TypeError {
  const advice = made === "" ? `expected an ${role}, such as ${example}().` : `did you mean ${made}()?`;
  return new TypeError(`${owner}: ${role} is ${describeValue(x)}; ${advice}`);
}
