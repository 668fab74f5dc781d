import { type Setting, valueAt } from "@downhill/core";

const blocks = " ▁▂▃▄▅▆▇█";

/**
 * A setting over the first `steps` steps as text: a filled chart `width` columns wide and `height` rows high (default
 * 60 by 10), over 0 or the least value, with the largest and the least value beside it.
 */
export function plotSchedule(
  setting: Setting,
  options: { readonly steps: number; readonly width?: number; readonly height?: number },
): string {
  const { steps, width = 60, height = 10 } = options;
  for (const [key, value] of Object.entries({ steps, width, height })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new RangeError(
      `plotSchedule: ${key} = ${value} is not allowed; expected a whole number from 1 on.`,
    );
  }
  const schedule = typeof setting === "number" ? setting : (setting.forRun?.(steps) ?? setting);
  const values = Array.from({ length: width }, (_, column) =>
    valueAt(schedule, Math.round((column * (steps - 1)) / Math.max(1, width - 1))),
  );
  const high = Math.max(...values, 0);
  const low = Math.min(...values, 0);
  const levels = values.map((value) =>
    Math.round(((value - low) / (high - low || 1)) * height * (blocks.length - 1)),
  );
  const labels = Array.from({ length: height }, (_, row) => {
    if (row === 0) return format(high);
    return row === height - 1 ? format(low) : "";
  });
  const margin = Math.max(...labels.map((label) => label.length));
  const rows = labels.map((label, row) => {
    const base = (height - 1 - row) * (blocks.length - 1);
    const bars = levels.map((level) => blocks[Math.min(Math.max(level - base, 0), blocks.length - 1)]);
    return `${label.padStart(margin)} ┤${bars.join("")}`.trimEnd();
  });
  const last = String(steps - 1);
  const axis = `${" ".repeat(margin)} └${"─".repeat(width)}`;
  const ends = `${" ".repeat(margin + 2)}0${steps > 1 ? last.padStart(width - 1) : ""}`;
  return [...rows, axis, ends].join("\n");
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}
