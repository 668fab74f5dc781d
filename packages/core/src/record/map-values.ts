/** A record with the same keys, each with what `map` makes of its value, of the key and of its place. */
export function mapValues<K extends string, V, T>(
  record: Readonly<Record<K, V>>,
  map: (value: V, key: K, i: number) => T,
): Record<K, T> {
  const entries = Object.entries(record) as [K, V][];
  return Object.fromEntries(entries.map(([key, value], i) => [key, map(value, key, i)])) as Record<K, T>;
}
