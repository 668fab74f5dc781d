import { reporterSuite } from "@downhill/testing";
import { describe, it } from "vitest";
import { terminal } from "./terminal.js";

function subject() {
  let text = "";
  const stream = {
    isTTY: false,
    columns: 80,
    write(chunk: string, written?: () => void) {
      text += chunk;
      written?.();
      return true;
    },
    on() {},
    off() {},
  };
  return { reporter: terminal({ stream }), written: () => text, plainText: true };
}

describe("the terminal reporter", () => {
  for (const { title, run } of reporterSuite) it(title, () => run(subject));
});
