/**
 * Throws unless `value` is a whole number from `least` to `most`, naming where and what: "random: the seed is
 * -1; …"
 */
export function requireWhole(where: string, what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const received = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new RangeError(`${where}: ${what} is ${received}; expected a whole number from ${least} to ${most}.`);
}
