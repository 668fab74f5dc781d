import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "./data-error.js";
import { readCsv } from "./read-csv.js";

function columnsOf(text: string, options?: Parameters<typeof readCsv>[1]) {
  return Object.fromEntries(readCsv(text, options).columns.map(({ name, values }) => [name, [...values]]));
}

describe("reading", () => {
  test("takes names from the header and infers numbers and texts", () => {
    expect(columnsOf("a,b\n1,x\n-2.5e3,y\n")).toEqual({ a: [1, -2500], b: ["x", "y"] });
  });

  test("understands quotes, doubled quotes, delimiters and line breaks in cells", () => {
    expect(columnsOf('a,b\n"x, y","say ""hi"""\n"two\nlines",z')).toEqual({
      a: ["x, y", "two\nlines"],
      b: ['say "hi"', "z"],
    });
  });

  test.each([
    ["\r\n", "\r\n"],
    ["\r", "\r"],
    ["mixed", "\r\n", "\n"],
  ])("reads lines that end in %j", (_, first, second = first) => {
    expect(columnsOf(`a,b${first}1,2${second}3,4${first}`)).toEqual({ a: [1, 3], b: [2, 4] });
  });

  test.each(["\t", ";", "|"])("finds the delimiter %j", (delimiter) => {
    expect(columnsOf(`\na${delimiter}b\n1${delimiter}2\n`)).toEqual({ a: [1], b: [2] });
    expect(columnsOf(`a${delimiter}"b,c,d"\n1${delimiter}"2,5"\n`)).toEqual({ a: [1], "b,c,d": ["2,5"] });
  });

  test("drops a byte order mark, blank lines and spaces around cells", () => {
    expect(columnsOf("\uFEFF a , b\n\n 1 ,2 \n   \n3,4\n\n")).toEqual({ a: [1, 3], b: [2, 4] });
  });

  test.each(["", "NA", "N/A", "NaN", "nan", "null", "?"])("reads %j as missing", (cell) => {
    expect(columnsOf(`a,b\n1,x\n${cell},${cell}\n3,z`)).toEqual({
      a: [1, Number.NaN, 3],
      b: ["x", null, "z"],
    });
  });

  test("names columns when there is no header, or as told", () => {
    expect(columnsOf("1,x\n2,y", { header: false })).toEqual({ column1: [1, 2], column2: ["x", "y"] });
    expect(columnsOf("1,x\n2,y", { header: ["a", "b"] })).toEqual({ a: [1, 2], b: ["x", "y"] });
  });

  test("keeps texts that look like numbers where the type is given", () => {
    expect(columnsOf("zip\n01067\n10115", { types: { zip: "text" } })).toEqual({ zip: ["01067", "10115"] });
  });

  test("reads hexadecimal digits and other JavaScript numbers as text", () => {
    expect(columnsOf("a\n0x10\n1_000\n0b1")).toEqual({ a: ["0x10", "1_000", "0b1"] });
  });

  test("gives names from Object.prototype no meaning", () => {
    expect(readCsv("__proto__,constructor\n1,x").columns.map(({ name, type }) => [name, type])).toEqual([
      ["__proto__", "number"],
      ["constructor", "text"],
    ]);
  });

  test("says which column has no name, and that a header of numbers may be a row", () => {
    expect(readCsv(",a\n1,2").notices).toEqual([
      'Column 1 has no name in the header and is called "column1".',
    ]);
    expect(readCsv("5.1,3.5\n4.9,3").notices).toEqual([
      "The header holds numbers alone: 5.1, 3.5. If it is a row, set header to false.",
    ]);
  });
});

describe("errors", () => {
  function errorOf(text: string, options?: Parameters<typeof readCsv>[1]): DataError {
    try {
      readCsv(text, { name: "t.csv", ...options });
    } catch (error) {
      if (error instanceof DataError) return error;
      throw error;
    }
    throw new Error("expected a DataError");
  }

  test("a short row: line, column and counts", () => {
    const error = errorOf('a,b,c\n1,"x\ny",3\n\n4,5\n');
    expect(error.message).toBe(
      't.csv, line 5, column "c": found 2 cells, expected 3. ' +
        "Add the missing cells, or leave one empty for a missing value.",
    );
    expect(error).toMatchObject({ name: "DataError", line: 5, row: 1, column: "c" });
  });

  test("a long row: line, and the first cell too many", () => {
    expect(errorOf("a,b\n1,2\n3,4,5\n").message).toBe(
      't.csv, line 3: found 3 cells, expected 2: "5" comes after the last column "b". ' +
        "Remove it, or quote the cell that holds the delimiter.",
    );
  });

  test("no rows", () => {
    expect(errorOf("a,b\n").message).toMatch("t.csv has a header but no rows.");
    expect(errorOf(" \n\n").message).toMatch("t.csv is empty.");
    expect(errorOf("", { header: false }).message).toMatch("t.csv is empty.");
  });

  test("quotes that are not closed, or closed early", () => {
    expect(errorOf('a,b\n1,2\n3,"x\n4,5').message).toMatch(
      't.csv, line 3: a cell opens with " that is never closed.',
    );
    expect(errorOf('a,b\n1,"x"y\n').message).toMatch(
      't.csv, line 2: a quoted cell goes on after its closing ".',
    );
  });

  test("a name used twice", () => {
    expect(errorOf("a,b,a\n1,2,3").message).toMatch('t.csv: columns 1 and 3 are both called "a".');
  });

  test("text in a column whose type is given as numbers", () => {
    expect(errorOf("a,b\n1,2\nx,3\ny,4", { types: { a: "number" } }).message).toBe(
      't.csv, line 3, column "a": expected a number, found "x". Correct it, or leave "a" out of the types.',
    );
  });

  test("a type for a column that is not there", () => {
    expect(errorOf("height\n1", { types: { hieght: "number" } }).message).toMatch('Did you mean "height"?');
  });

  test("cells are shown without control characters, and shortened", () => {
    const message = errorOf(`a\n1\n2\n\u001b[31mred${"!".repeat(99)}`, { types: { a: "number" } }).message;
    expect(message).toContain('found "\\u001b[31mred!!!');
    expect(message).not.toContain("\u001b");
    expect(message.length).toBeLessThan(200);
  });
});

test("any text is read or gives a DataError with its place", () => {
  const cell = fc.oneof(
    fc.constantFrom("", "1", "-2.5", "x", '"', '""', '"a', 'b"', "NA", "inf", "\u0000", "__proto__"),
    fc.string({ maxLength: 4 }),
    fc.string({ maxLength: 3, unit: "binary" }),
  );
  const separator = fc.constantFrom(",", ",", ",", ";", "\t", "\n", "\n", "\r\n", "\r");
  const text = fc
    .array(fc.tuple(cell, separator), { maxLength: 30 })
    .map((parts) => parts.map(([a, b]) => a + b).join(""));
  let read = 0;
  fc.assert(
    fc.property(text, fc.boolean(), (input, header) => {
      try {
        const { rows, columns, lines } = readCsv(input, { header });
        read++;
        expect(rows).toBeGreaterThan(0);
        expect(lines).toHaveLength(rows);
        for (const { values } of columns) expect(values).toHaveLength(rows);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
        if (/cells?, expected|quoted cell|cell opens/.test((error as DataError).message)) {
          expect((error as DataError).line).toBeGreaterThanOrEqual(1);
          expect((error as DataError).line).toBeLessThanOrEqual(input.split(/\r\n?|\n/).length);
        }
      }
    }),
    { numRuns: 500 },
  );
  expect(read).toBeGreaterThan(20);
});

test("what is written as CSV is read back, each row at its line", () => {
  const text = fc.string({ maxLength: 6 }).map((value) => `t${value.replaceAll("\r", "\n")}t`);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, fc.double({ noNaN: true })), { minLength: 1, maxLength: 8 }),
      (records) => {
        const written = records.map(([a, b]) => `"${a.replaceAll('"', '""')}",${b}`);
        const table = readCsv(`a,b\n${written.join("\n")}\n`, { delimiter: "," });
        expect(table.columns[0]!.values).toEqual(records.map(([a]) => a));
        expect([...table.columns[1]!.values]).toEqual(records.map(([, b]) => Number(String(b))));
        let line = 2;
        const lines = written.map((record) => {
          const begins = line;
          line += record.split("\n").length;
          return begins;
        });
        expect(table.lines).toEqual(lines);
      },
    ),
  );
});
