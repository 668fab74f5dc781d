const said = new Set<string>();

/** Tells the console what people should know, the first time. */
export function sayOnce(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  console.warn(message);
}
