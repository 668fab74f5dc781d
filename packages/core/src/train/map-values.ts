/** A record with the same keys. */
export function mapValues<V, T>(
  record: Readonly<Record<string, V>>,
  map: (value: V, key: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
