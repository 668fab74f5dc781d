import type { Child } from "./child.js";

/** Says what one step of each asks of the GPU. */
export async function sayCounts(children: readonly Child[]): Promise<void> {
  for (const child of children) {
    const counts = await child.counts().catch(() => undefined);
    if (counts === undefined) continue;
    const { dispatches, submits, reads, device } = counts;
    console.log(
      `  ${child.name.padEnd(16)} ${dispatches} dispatches, ${submits} submits, ${reads} reads a step on ${device}`,
    );
  }
}
