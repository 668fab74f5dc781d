import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import { formatNumber, superscript } from "./numbers.js";

export type Range = readonly [number, number];
export type Scale = ScaleContinuousNumeric<number, number>;

/** From data to pixels, linear or logarithmic. */
export function scaleOf(domain: Range, range: Range, log: boolean): Scale {
  return (log ? scaleLog() : scaleLinear()).domain([...domain]).range([...range]);
}

/** The least and the largest finite number (positive, for a logarithmic axis), a little apart where they are one. */
export function extentOf(parts: Iterable<ArrayLike<number>>, log = false): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const value = part[i]!;
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return log ? [0.1, 1] : [0, 1];
  if (low < high) return [low, high];
  return log ? [low / 2, low * 2] : [low - (Math.abs(low) || 1) / 2, low + (Math.abs(low) || 1) / 2];
}

/** A range with some air at both ends. */
export function padded([low, high]: Range, share: number, log = false): Range {
  if (log) {
    const air = (high / low) ** share;
    return [low / air, high * air];
  }
  const air = (high - low) * share;
  return [low - air, high + air];
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Round values along an axis, at most about `count` of them labelled. */
export function ticksOf(scale: Scale, count: number, log: boolean): Tick[] {
  const [low, high] = scale.domain() as [number, number];
  const powers = Math.log10(high) - Math.log10(low);
  if (!log || powers < 1.5) {
    const values = scaleLinear().domain([low, high]).ticks(count);
    const write = scaleLinear().domain([low, high]).tickFormat(count);
    const plain = Math.max(Math.abs(low), Math.abs(high));
    const label = (value: number) =>
      plain < 1e-3 || plain >= 1e6 ? formatNumber(value) : write(value).replaceAll(",", "");
    return values.map((value) => ({ value, label: label(value) }));
  }
  const every = Math.ceil(powers / Math.max(count, 2));
  const multiples = powers < 2.5 && count > 3 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let power = Math.floor(Math.log10(low) + 1e-9); power <= Math.log10(high) + 1e-9; power++) {
    if (power % every !== 0) continue;
    for (const multiple of multiples) {
      const value = multiple * 10 ** power;
      const label = multiple === 1 ? powerOfTen(power) : formatNumber(value, 1);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) ticks.push({ value, label });
    }
  }
  return ticks;
}

const powerOfTen = (power: number) =>
  power >= -2 && power <= 3 ? String(Number((10 ** power).toPrecision(1))) : `10${superscript(power)}`;
