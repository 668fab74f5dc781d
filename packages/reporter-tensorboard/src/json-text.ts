import type { Json } from "@downhill/core/train";

/** JSON as text for people: a text without its quotes, numbers that are not finite by their names. */
export function jsonText(value: Json): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  return JSON.stringify(value, (_, x: unknown) =>
    typeof x === "number" && !Number.isFinite(x) ? String(x) : x,
  );
}
