import { format } from "node:util";
import { vi } from "vitest";

let last = "";

/** Catches what an example prints, and makes `console.assert` fail it. */
export function watchConsole(): void {
  vi.spyOn(console, "log").mockImplementation((...values) => {
    last = format(...values);
  });
  vi.spyOn(console, "assert").mockImplementation((holds, ...message) => {
    if (!holds) throw new Error(`console.assert failed: ${format(...message)}`);
  });
}

/** Throws unless `text` is what the example printed last. */
export function printed(text: string): void {
  if (last !== text) throw new Error(`the README says that this prints "${text}", but it printed "${last}"`);
}
