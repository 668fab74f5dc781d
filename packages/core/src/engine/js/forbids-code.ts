/** What to tell a user where a content-security policy forbids generated code; undefined where it may run. */
export function forbidsCode(engine: string): string | undefined {
  try {
    new Function("");
    return undefined;
  } catch {
    return (
      "A content-security policy forbids generated code here, so the slow reference interpreter runs instead of the " +
      `engine ${engine}. Allow 'unsafe-eval' for script-src, or use another engine.`
    );
  }
}
