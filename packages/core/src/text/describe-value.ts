/** What a message calls a value that should have been another: `"adam"`, `3`, `null`, `an array`, `an object`. */
export function describeValue(x: unknown): string {
  if (typeof x === "string") return JSON.stringify(x);
  if (typeof x === "function") return "a function";
  if (Array.isArray(x)) return "an array";
  return typeof x === "object" && x !== null ? "an object" : String(x);
}
