import { expect, it } from "vitest";
import { runLabel } from "./run-label.js";

it.each([
  ["mlp adamw 2026-11-22T03:24:34.050Z", "mlp adamw"],
  ["mlp adamw 2026-11-22T03:24:34Z", "mlp adamw"],
  ["the run of 2026-11-22", "the run of 2026-11-22"],
  ["", ""],
])("%s is shown as %s", (run, label) => {
  expect(runLabel({ run })).toBe(label);
});
