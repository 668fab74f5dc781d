/** A number for people: so many significant digits, a power of ten where it is very large or small. */
export function formatNumber(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return String(x).replace("-", "−").replace("Infinity", "∞");
  const size = Math.abs(x);
  const rounded = Number(x.toPrecision(digits));
  const plain = size === 0 || (size >= 1e-3 && size < 1e6) || (Number.isInteger(x) && size < 1e9);
  if (plain) return (Number.isInteger(x) ? String(x) : String(rounded)).replace("-", "−");
  const [mantissa, exponent] = rounded.toExponential().split("e") as [string, string];
  const power = `10${superscript(Number(exponent))}`;
  return `${mantissa === "1" ? "" : mantissa === "-1" ? "−" : `${mantissa.replace("-", "−")}·`}${power}`;
}

/** A whole number raised above the line. */
export function superscript(n: number): string {
  return String(n).replace(/./g, (digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!));
}

/** A time span in two units at most: `340 ms`, `2.6 s`, `3 min 5 s`, `1 h 2 min`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${formatNumber(ms, 3)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A coordinate in a picture: a tenth of a pixel is enough. */
export function px(x: number): string {
  return String(Math.round(x * 10) / 10);
}
