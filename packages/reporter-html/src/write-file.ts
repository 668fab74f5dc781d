/**
 * Writes a file so that it is whole or not there: beside its place first, then moved. Without `import`, so that
 * bundlers for browsers find nothing of Node here.
 * @throws Error where there are no files, as in a browser.
 */
export function writeFileAtomically(path: string, text: string): void {
  const load = globalThis.process?.getBuiltinModule;
  if (load === undefined) {
    throw new Error(
      `html: there is no file system here to write "${path}" to. Give \`write\` instead of \`path\`.`,
    );
  }
  const fs = load("node:fs");
  fs.mkdirSync(load("node:path").dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(beside, text, { flush: true });
    fs.renameSync(beside, path);
  } catch (error) {
    fs.rmSync(beside, { force: true });
    throw error;
  }
}
