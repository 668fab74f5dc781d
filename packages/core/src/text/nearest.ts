/** ` Did you mean "x"?` for the choice nearest to a misspelt name, or nothing when none is near. */
export function didYouMean(name: string, choices: readonly string[]): string {
  const near = nearest(name, choices);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

/** The choice nearest to a misspelt name, within a third of its length. */
export function nearest(name: string, choices: readonly string[]): string | undefined {
  const ranked = choices
    .map((choice) => ({ choice, distance: editDistance(name.toLowerCase(), choice.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(name.length / 3)) ? best.choice : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (Damerau's, of adjacent letters). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j]!, before[j - 2]! + 1);
      }
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
