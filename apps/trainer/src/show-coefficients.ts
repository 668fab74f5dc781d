import type { Reporter } from "@downhill/core/train";
import { sanitize } from "@downhill/reporter-terminal";

/** Shows a linear model's coefficients on stderr when its run has ended. */
export function showCoefficients(): Reporter {
  let text = "";
  return {
    name: "coefficients",
    on(event) {
      if (event.type !== "run-end" || event.coefficients === undefined) return;
      const rows = Object.entries(event.coefficients).map(([name, value]) => [
        sanitize(name),
        format(Number(value)),
      ]);
      const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
      const lines = rows.map(
        ([name, value]) => `  ${name!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)}`,
      );
      text = `\ncoefficients\n${lines.join("\n")}\n`;
    },
    end() {
      process.stderr.write(text);
    },
  };
}

function format(value: number): string {
  return String(Number(value.toPrecision(6)));
}
