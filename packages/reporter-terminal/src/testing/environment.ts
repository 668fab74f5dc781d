import { vi } from "vitest";

const variables = [
  ["CI", "NO_COLOR", "NODE_DISABLE_COLORS", "FORCE_COLOR", "COLORTERM", "COLUMNS"],
  ["TERM_PROGRAM", "TMUX", "LC_ALL", "LC_CTYPE", "LANG"],
].flat();

/** Takes away whatever the machine that runs the tests says of its own terminal. */
export function clearTerminalEnvironment(): void {
  for (const name of variables) vi.stubEnv(name, undefined);
  vi.stubEnv("TERM", "xterm-256color");
}
