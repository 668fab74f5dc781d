#!/usr/bin/env node
import { commandLine } from "./command-line.js";
import { exitCodes, explain } from "./errors.js";

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitCodes.done);
});

try {
  process.exitCode = await commandLine(process.argv.slice(2));
} catch (error) {
  const { message, exitCode } = explain(error);
  // Messages name columns and classes, which may hold escape sequences.
  const { sanitize } = await import("@downhill/reporter-terminal");
  process.stderr.write(
    `downhill: ${message
      .split("\n")
      .map((line) => sanitize(line))
      .join("\n")}\n`,
  );
  process.exitCode = exitCode;
}
