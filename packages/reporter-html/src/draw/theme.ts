/** Colours of a picture. Series colours can be told apart by colour-blind readers, in either theme. */
export interface Theme {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly axis: string;
  readonly alarm: string;
  /** In this order; from the ninth run on they come again, dashed. */
  readonly series: readonly string[];
}

export type ThemeName = "light" | "dark";

export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    paper: "#ffffff",
    ink: "#1b2230",
    muted: "#5b6678",
    grid: "#e8ebf0",
    axis: "#a4adbb",
    alarm: "#b3261e",
    series: ["#0b67b2", "#c8500a", "#0a8060", "#94489a", "#a87400", "#2f93c8", "#c03a73", "#566173"],
  },
  dark: {
    paper: "#141922",
    ink: "#e7ebf2",
    muted: "#98a3b5",
    grid: "#262e3b",
    axis: "#4b5668",
    alarm: "#ff8a80",
    series: ["#62aef5", "#ff9257", "#40c59b", "#d694db", "#e3b548", "#8fd6f7", "#f78fb7", "#a7b2c4"],
  },
};

const names = ["paper", "ink", "muted", "grid", "axis", "alarm"] as const;

/** A theme as custom properties, for pictures that change with the page they stand in. */
export function customProperties(theme: Theme): string {
  const plain = names.map((name) => `--${name}:${theme[name]}`);
  return [...plain, ...theme.series.map((color, i) => `--series-${i}:${color}`)].join(";");
}

/** The theme that takes its colours from the page. */
export const pageTheme: Theme = {
  ...(Object.fromEntries(names.map((name) => [name, `var(--${name})`])) as Omit<Theme, "series">),
  series: themes.light.series.map((_, i) => `var(--series-${i})`),
};

/** What a run or class of this number is drawn in. */
export function strokeOf(theme: Theme, index: number): { readonly color: string; readonly dash: string } {
  const color = theme.series[index % theme.series.length]!;
  const round = Math.floor(index / theme.series.length);
  return { color, dash: ["none", "6 3", "2 3"][round % 3]! };
}

// From the deepest valley to the highest peak: lightness rises throughout, so that it reads in grey as well.
const heights = ["#0c2340", "#124a6f", "#1b7484", "#5aa39a", "#aacfb2", "#f0f1da"].map((hex) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)),
);

/** The colour of a height, from 0 (lowest) to 1 (highest). */
export function heightColor(t: number): string {
  const at = Math.min(Math.max(t, 0), 1) * (heights.length - 1);
  const i = Math.min(Math.floor(at), heights.length - 2);
  const mix = heights[i]!.map((low, c) => Math.round(low + (heights[i + 1]![c]! - low) * (at - i)));
  return `#${mix.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
