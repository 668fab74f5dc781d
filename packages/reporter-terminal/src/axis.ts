import { ticks as linearTicks } from "d3-array";

/** One side of a picture. */
export interface Axis {
  readonly label: string;
  readonly log: boolean;
  readonly domain: readonly [number, number];
}

export interface Tick {
  /** Place along the axis, 0 at its start, 1 at its end. */
  readonly at: number;
  readonly label: string;
}

/** An axis over these values, some room made where they are all the same. Non-finite values must be gone. */
export function axisOver(label: string, log: boolean, low: number, high: number): Axis {
  if (low < high) return { label, log, domain: [low, high] };
  if (log) return { label, log, domain: [low / 2, low * 2] };
  const room = Math.abs(low) / 2 || 1;
  return { label, log, domain: [low - room, low + room] };
}

/** Where a value lies along the axis, 0 at its start, 1 at its end. */
export function place({ log, domain: [low, high] }: Axis, value: number): number {
  if (log) return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/** About so many round values along the axis: powers of ten on a logarithmic one, where it spans two at least. */
export function ticks(axis: Axis, about: number): Tick[] {
  const [low, high] = axis.domain;
  const values = axis.log ? logTicks(low, high, about) : linearTicks(low, high, about);
  const step = values.length > 1 ? Math.abs(values[1]! - values[0]!) : high - low;
  return values.map((value) => ({
    at: place(axis, value),
    label: axis.log ? tickLabel(value, value) : tickLabel(value, step),
  }));
}

function logTicks(low: number, high: number, about: number): number[] {
  // The least bit of room: a domain that ends at a power of ten shall show it.
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const powers = to - from + 1;
  if (powers < 2) return linearTicks(low, high, about);
  const every = Math.ceil(powers / Math.max(2, about));
  const values: number[] = [];
  for (let power = from; power <= to; power += every) values.push(Number(`1e${power}`));
  return values;
}

/** A tick's value, as exact as the step between ticks asks for: `0.05`, `20k`, `1.5M`, `1e-6`. */
function tickLabel(value: number, step: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e4 && size < 1e9) {
    const [unit, name] = size >= 1e6 ? [1e6, "M"] : [1e3, "k"];
    return `${(value / unit).toFixed(decimals(step / unit))}${name}`;
  }
  if (size >= 1e9 || (step < 1e-3 && size < 1)) {
    const digits = Math.max(0, Math.floor(Math.log10(size)) - Math.floor(Math.log10(step) + 1e-9));
    return value.toExponential(digits).replace("e+", "e");
  }
  return value.toFixed(decimals(step));
}

function decimals(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}
