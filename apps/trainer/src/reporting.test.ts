import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEvents } from "@downhill/core/node";
import { type Event, type FigureEvent, type Reporter, unpack } from "@downhill/core/train";
import { digits } from "@downhill/datasets";
import { describe, expect, it } from "vitest";
import { awaitFigures } from "./await-figures.js";
import { downhill, emptyFolder, start } from "./testing/downhill.js";

async function trained(flags: string) {
  const folder = emptyFolder();
  const ended = await downhill(folder, `train ${flags} --events run.ndjson --quiet`);
  const { events } = await readEvents(join(folder, "run.ndjson"));
  const figures = events.filter((event) => event.type === "figure");
  return { folder, ended, events, figures };
}

const numbers = ({ data }: FigureEvent, key: string) => Array.from(unpack(data[key]!));

describe("figures of a trained model", () => {
  it("are among the events, before the end", async () => {
    const { events, ended } = await trained("linear --data penguins --target body_mass_g --missing drop");
    expect(ended.exitCode).toBe(0);
    expect(events.slice(-2).map(({ type }) => type)).toEqual(["figure", "run-end"]);
  });

  it("of a regression have true and predicted numbers in the data's own units", async () => {
    const folder = emptyFolder();
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${3 * i + 500}`);
    writeFileSync(join(folder, "line.csv"), `a,y\n${rows.join("\n")}\n`);
    await downhill(folder, "train linear --data line.csv --target y --events run.ndjson --quiet");
    const { events } = await readEvents(join(folder, "run.ndjson"));
    const figure = events.find((event) => event.type === "figure")!;
    expect(figure).toMatchObject({ kind: "fit", title: "y of test rows", labels: { x: "a", y: "y" } });
    const [x, y, predicted, line] = ["x", "y", "predicted", "line"].map((key) => numbers(figure, key));
    expect(x).toHaveLength(4);
    x!.forEach((a, row) => {
      expect(y![row]).toBeCloseTo(3 * a + 500, 9);
      expect(predicted![row]).toBeCloseTo(3 * a + 500, 6);
    });
    for (let i = 0; i < line!.length; i += 2) expect(line![i + 1]).toBeCloseTo(3 * line![i]! + 500, 6);
  });

  it("of digits count each test row once, and show images as they were", async () => {
    const { events, figures } = await trained("mlp --data digits --epochs 6 --seed 3");
    expect(figures.map(({ kind }) => kind)).toEqual(["confusion", "samples"]);
    const counts = numbers(figures[0]!, "counts");
    const total = counts.reduce((a, b) => a + b);
    const right = Array.from({ length: 10 }, (_, c) => counts[11 * c]!).reduce((a, b) => a + b);
    expect(total).toBe(1797 - (events[0] as Event & { type: "run-start" }).data.rows);
    const end = events.at(-1) as Event & { type: "run-end" };
    expect(right / total).toBeCloseTo(Number(end.metrics.test!.accuracy), 12);

    const [images, actual, predicted, confidence] = ["images", "actual", "predicted", "confidence"].map(
      (key) => numbers(figures[1]!, key),
    );
    expect(figures[1]!.data.images!.shape).toEqual([40, 8, 8]);
    const { x, y } = digits().values;
    const rowsByPixels = new Map(
      Array.from(y.data, (digit, row) => [
        Array.from(x.data.subarray(64 * row, 64 * (row + 1))).join(),
        digit,
      ]),
    );
    actual!.forEach((digit, i) => {
      const pixels = images!.slice(64 * i, 64 * (i + 1)).map(Math.round);
      expect(rowsByPixels.get(pixels.join())).toBe(digit);
    });
    const wrong = actual!.map((digit, i) => digit !== predicted![i]);
    expect(wrong.indexOf(false)).toBe(total - right);
    expect(wrong.lastIndexOf(true)).toBe(total - right - 1);
    expect(confidence!.every((p) => p > 0.1 && p <= 1)).toBe(true);
  });

  it("of two features have regions that the model's coefficients part", async () => {
    const { events, figures } = await trained("logistic --data moons --l2 0.01");
    expect(figures.map(({ kind }) => kind)).toEqual(["regions", "confusion"]);
    const [x, y, classes] = ["x", "y", "classes"].map((key) => numbers(figures[0]!, key));
    const { coefficients } = events.at(-1) as Event & { type: "run-end" };
    const { intercept, ...slopes } = coefficients!;
    const [a, b] = Object.values(slopes).map(Number);
    classes!.forEach((given, i) => {
      const score = Number(intercept) + a! * x![i % x!.length]! + b! * y![Math.floor(i / x!.length)]!;
      if (Math.abs(score) > 1e-6) expect(given).toBe(score > 0 ? 1 : 0);
    });
  });
});

describe("awaitFigures", () => {
  const end = { type: "run-end" } as Event;
  const figure = { type: "figure" } as FigureEvent;
  function listening() {
    const told: string[] = [];
    const reporter: Reporter = {
      name: "listening",
      on: ({ type }) => void told.push(type),
      end: (timeoutMs) => void told.push(`end in ${timeoutMs}`),
    };
    return { told, ...awaitFigures(reporter) };
  }

  it("tells figures before the end", async () => {
    const { told, reporter, finish } = listening();
    reporter.on(end);
    reporter.end!(500);
    expect(told).toEqual([]);
    await finish([figure]);
    expect(told).toEqual(["figure", "run-end", "end in 500"]);
  });

  it("lets a reporter end where a run broke off without an end", async () => {
    const { told, reporter, finish } = listening();
    reporter.end!(500);
    await finish([]);
    expect(told).toEqual(["end in 500"]);
  });

  it("leaves a reporter alone that was dropped", async () => {
    const { told, finish } = listening();
    await finish([figure]);
    expect(told).toEqual([]);
  });
});

describe("train --report and --tensorboard", () => {
  it("write a page and a folder, and tell nobody else", async () => {
    const folder = emptyFolder();
    const { exitCode, stdout, stderr } = await downhill(
      folder,
      "train mlp --data iris --epochs 2 --quiet --report out/iris.html --tensorboard runs/iris",
    );
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(readdirSync(join(folder, "out"))).toEqual(["iris.html"]);
    expect(readFileSync(join(folder, "out/iris.html"), "utf8")).toMatch(/^<!doctype html>[\s\S]*mlp on iris/);
    const [file, ...others] = readdirSync(join(folder, "runs/iris"));
    expect(others).toEqual([]);
    expect(file).toMatch(/^events\.out\.tfevents\./);
    const bytes = readFileSync(join(folder, "runs/iris", file!)).toString("latin1");
    expect(bytes).toContain("confusion/species of test rows");
    expect(bytes).toContain("result/test.accuracy");
  });

  it("report a run that diverged", async () => {
    const folder = emptyFolder();
    const { exitCode } = await downhill(
      folder,
      "train linear --data penguins --lr 1e10 --quiet --report report.html",
    );
    expect(exitCode).toBe(3);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("diverged");
  });

  it.each([
    ["--report .", "--report . is a folder; expected the path of a file."],
    ["--tensorboard run.csv", "--tensorboard run.csv is a file; expected the path of a folder."],
  ])("%s is wrong usage, found before training", async (flags, expected) => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "run.csv"), "");
    const { exitCode, stdout, stderr } = await downhill(folder, `train linear --data penguins ${flags}`);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `downhill: ${expected}\n`,
    });
  });
});

describe("report", () => {
  it("compares runs from their events", async () => {
    const { folder } = await trained("logistic --data moons --l2 0.01 --epochs 20");
    await downhill(folder, "train mlp --data moons --epochs 2 --quiet --events other.ndjson");
    const made = await downhill(folder, "report run.ndjson other.ndjson -o both.html --title Moons");
    expect(made).toMatchObject({ exitCode: 0, stdout: "", stderr: "both.html\n" });
    const page = readFileSync(join(folder, "both.html"), "utf8");
    expect(page).toContain("<h1>Moons</h1>");
    expect(page).toContain("logistic on moons, mlp on moons");
  });

  it("says that a file ends in the middle of a line, and reports the rest", async () => {
    const { folder } = await trained("linear --data penguins --epochs 5");
    const text = readFileSync(join(folder, "run.ndjson"), "utf8");
    writeFileSync(join(folder, "torn.ndjson"), text.slice(0, -10));
    const { exitCode, stderr } = await downhill(folder, "report torn.ndjson");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^note: Line \d+ of torn.ndjson is cut off .*\nreport.html\n$/);
    expect(existsSync(join(folder, "report.html"))).toBe(true);
  });

  it.each([
    ["report", 2, 'missing required argument "files"'],
    ["report nowhere", 1, "nowhere could not be read: there is no such file or folder"],
    ["report a.csv", 1, "a.csv, line 1: this is no event of a run"],
    ["report a.csv -o ./a.csv", 2, "--output ./a.csv is one of the files to read"],
    ["report a.csv -o .", 2, "--output . is a folder"],
    ["report a.csv --outptu b", 2, 'Did you mean "--output"?'],
  ])("%s exits with %d, and writes nothing", async (command, code, expected) => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "a.csv"), "x,y\n1,2\n");
    const { exitCode, stderr } = await downhill(folder, command);
    expect(exitCode).toBe(code);
    expect(stderr).toMatch(/^downhill: .*\n$/);
    expect(stderr).toContain(expected);
    expect(readdirSync(folder)).toEqual(["a.csv"]);
  });
});

describe("minimize --plot", () => {
  const bowl = "minimize bowl --optimizer adam:lr=0.1,lbfgs";

  it("draws the landscape with all ways as SVG, and the rest in the terminal", async () => {
    const folder = emptyFolder();
    const { exitCode, stdout } = await downhill(folder, `${bowl} --plot out/bowl.svg`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("✔ converged");
    expect(stdout).not.toContain("a valley ten times");
    const svg = readFileSync(join(folder, "out/bowl.svg"), "utf8");
    for (const text of ["<svg", "bowl: x² + 10y²", "adam:lr=0.1", "lbfgs"]) expect(svg).toContain(text);
  });

  it("draws it as PNG, with letters", async () => {
    const folder = emptyFolder();
    const { events } = await downhill(folder, `${bowl} --plot bowl.png --json`);
    expect(events).toHaveLength(2);
    const bytes = readFileSync(join(folder, "bowl.png"));
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1440, 1040]);
    // The same picture without letters, as it is where the font is not found.
    const { png } = await import("@downhill/reporter-html/png");
    await downhill(folder, `${bowl} --plot bowl.svg`);
    const svg = readFileSync(join(folder, "bowl.svg"), "utf8");
    expect(bytes.equals(png(svg))).toBe(true);
    expect(bytes.equals(png(svg.replace(/<text.*?<\/text>/g, "")))).toBe(false);
  });

  it("draws it in the terminal where no file is named", async () => {
    const folder = emptyFolder();
    const [plain, dash, bare] = await Promise.all(
      ["", " --plot -", " --plot"].map((flags) =>
        downhill(folder, `minimize bowl --optimizer lbfgs${flags}`),
      ),
    );
    const picture = ({ stdout }: { stdout: string }) => stdout.split("\n").slice(0, 10);
    expect(picture(plain!)[0]).toContain("a valley ten times");
    expect(picture(dash!)).toEqual(picture(plain!));
    expect(picture(bare!)).toEqual(picture(plain!));
  });

  it.each([
    ["--plot bowl.pdf", '--plot expects a file that ends with .svg or .png, or -, but found "bowl.pdf".'],
    ["--plot - --json", "--json and a --plot in the terminal cannot share stdout"],
  ])("%s is wrong usage", async (flags, expected) => {
    const { exitCode, stdout, stderr } = await downhill(emptyFolder(), `minimize bowl ${flags}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(expected);
  });
});

describe("minimize --report", () => {
  it("writes the ways of all optimizers over the landscape, to be played", async () => {
    const folder = emptyFolder();
    const { exitCode, stdout } = await downhill(
      folder,
      "minimize rosenbrock --optimizer momentum-free:x --report out/r.html",
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    const made = await downhill(
      folder,
      "minimize rosenbrock --optimizer adam:lr=0.05,adam:lr=0.02,lbfgs --steps 300 --report out/r.html --json",
    );
    expect(made.events).toHaveLength(3);
    const page = readFileSync(join(folder, "out/r.html"), "utf8");
    expect(page).toContain("<h1>rosenbrock: adam:lr=0.05, adam:lr=0.02, lbfgs</h1>");
    for (const { value, evaluations } of made.events) {
      expect(page).toContain(`<td class="n">${evaluations}</td>`);
      expect(Number.isFinite(value)).toBe(true);
    }
  });
});

describe("train --plot", () => {
  it("draws the loss curve into a file, as its ending says", async () => {
    const folder = emptyFolder();
    const train = "train mlp --data iris --epochs 3 --validation 0.2 --quiet";
    const svg = await downhill(folder, `${train} --plot out/loss.svg --log-x --log-y`);
    expect(svg).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    const picture = readFileSync(join(folder, "out/loss.svg"), "utf8");
    for (const text of ["<svg", "mlp on iris, adamw", "loss of each step", "validation", ">step<"])
      expect(picture).toContain(text);
    await downhill(folder, `${train} --plot loss.png`);
    expect(readFileSync(join(folder, "loss.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("draws it in the terminal, on logarithmic axes where asked to", async () => {
    const run = (flags: string) => downhill(emptyFolder(), `train linear --data penguins --seed 1 ${flags}`);
    const [plain, log] = await Promise.all([run("--plot"), run("--plot - --log-x --log-y")]);
    expect(plain.stderr).toMatch(/^loss {3}/m);
    expect(log.stderr).toMatch(/^loss \(log\)/m);
    expect(log.stderr).toMatch(/^ +1 +10 .* step \(log\)$/m);
  });

  it.each([
    ["--plot loss.pdf", '--plot expects a file that ends with .svg or .png, or -, but found "loss.pdf".'],
    ["--plot --quiet", "--quiet leaves no place for --plot: name a file, or leave one of them out."],
    ["--log-y --quiet", "--log-x and --log-y are for the loss curve: --quiet leaves it out."],
  ])("%s is wrong usage", async (flags, expected) => {
    const { exitCode, stderr } = await downhill(emptyFolder(), `train mlp --data iris ${flags}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `downhill: ${expected}\n` });
  });
});

describe("a run that is resumed", () => {
  it("has one report of all of it, with the place where it went on", async () => {
    const folder = emptyFolder();
    const run = "train mlp --data iris --validation 0.2 --quiet --checkpoint c --report r.html";
    const { child, ended } = start(folder, `${run} --epochs 4000 --json`);
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk) => {
        if (/"epoch":3\d,/.test(String(chunk))) resolve();
      });
    });
    child.kill("SIGINT");
    expect((await ended).exitCode).toBe(130);
    expect(readFileSync(join(folder, "r.html"), "utf8")).toContain("stopped");
    const again = start(folder, `${run} --epochs 4000 --json --resume`);
    again.child.stdout.once("data", () => again.child.kill("SIGINT"));
    const { events } = await again.ended;
    const page = readFileSync(join(folder, "r.html"), "utf8");
    expect(page).toContain(`<dt>resumed at step</dt><dd>${events[0].from}</dd>`);
    expect(page).not.toContain("what came before is not in this report");
  }, 30_000);
});

describe("notices", () => {
  it("speak of flags where the packages speak of options", async () => {
    const folder = emptyFolder();
    writeFileSync(
      join(folder, "a.csv"),
      `x,kind,y\n${Array.from({ length: 20 }, (_, i) => `${i},a,${i}`).join("\n")}\n`,
    );
    const { stderr, events } = await downhill(folder, "train linear --data a.csv --target y --json");
    const told = "Columns of text left out of the features: kind. Set --one-hot to use them.";
    expect(stderr).toContain(`note: ${told}`);
    expect(events.flatMap(({ type, message }) => (type === "notice" ? [message] : []))).toContain(told);
  });
});
