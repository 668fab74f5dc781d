import { expect, test } from "vitest";
import { columnsToCsv } from "./picture.js";

test("CSV quotes what must be quoted, and keeps text from being a formula", () => {
  expect(columnsToCsv({ 'a "b"': ["x,y", "=1+1"], n: [-1.5, Number.NaN] })).toBe(
    '"a ""b""",n\r\n"x,y",-1.5\r\n\'=1+1,\r\n',
  );
});
