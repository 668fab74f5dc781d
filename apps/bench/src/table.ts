import type { Row } from "./measure.js";

/** Rows as lines of aligned text. */
export function table(rows: readonly Row[]): string {
  return rows
    .map(({ case: name, engine, peer, oursMs, peerMs, ratio, spread, correct }) => {
      const ours = `${name.padEnd(44)} ${engine.padEnd(5)} ${time(oursMs)}`;
      if (peer === "-") return ours;
      const range = `(${spread.map((x) => x.toPrecision(3)).join("–")})`;
      return `${ours}   ${peer.padEnd(12)} ${time(peerMs)}   ${ratio.toPrecision(3).padStart(7)}× ${range}${correct ? "" : "  DIFFERS"}`;
    })
    .join("\n");
}

function time(ms: number): string {
  const text = ms < 1 ? `${(ms * 1e3).toPrecision(3)} µs` : `${ms.toPrecision(3)} ms`;
  return text.padStart(9);
}
