import type { Event, Probe, Reporter, StepEvent, When } from "@downhill/core/train";
import { type Check, require, requireSame } from "./check.js";
import { figureEvents, hostile, runEnd, runEvents, runStart } from "./reporter-events.js";
import { trainWatched } from "./reporter-training.js";

/** A reporter to look at, with all that it has written so far, as text. */
export interface ReporterSubject {
  readonly reporter: Reporter;
  readonly written: () => string | Promise<string>;
  /** What it writes is read as plain text, where markup means nothing. Default false. */
  readonly plainText?: boolean;
}

type Make = () => ReporterSubject;

const probes: readonly Probe[] = [
  "gradientNorm",
  "stepNorm",
  "cosine",
  "parameterHistograms",
  "gradientHistograms",
  "parameters",
];

/** What must hold of a reporter; each check gets a fresh subject. */
export const reporterSuite: readonly Check<Make>[] = [
  {
    title: "has a name and declares what it wants from the probes there are",
    run(make) {
      const { name, wants = {} } = make().reporter;
      require(name !== "", "a reporter must have a name.");
      for (const probe of Object.keys(wants))
        require((probes as readonly string[]).includes(probe), `"${probe}" is no probe.`);
    },
  },
  ...Object.entries({
    "an ordinary run": runEvents(),
    "a run that diverges": runEvents({ value: "NaN", status: "diverged" }),
    "a run without epochs, stopped at once": [runStart(), runEnd({ status: "stopped" })],
    "hostile names": runEvents({ text: hostile }),
    "a resumed run": runEvents({ from: 4 }),
    "figures of every kind": [runStart(), ...figureEvents(), runEnd()],
    "figures that lack what they show": [
      runStart(),
      ...figureEvents().map((figure) => ({ ...figure, data: {} })),
      runEnd(),
    ],
    "a run that breaks off": runEvents().slice(0, 5),
  }).map(([what, events]) => ({
    title: `takes ${what} without throwing`,
    run: (make: Make) => tell(make().reporter, events),
  })),
  {
    title: "ends within the time that it is given",
    async run(make) {
      const { reporter } = make();
      for (const event of runEvents()) reporter.on(event);
      const timeMs = 1000;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(true), timeMs);
      });
      const isLate = await Promise.race([Promise.resolve(reporter.end?.(timeMs)).then(() => false), late]);
      clearTimeout(timer);
      require(!isLate, `it has not ended after the ${timeMs} ms that it was given.`);
    },
  },
  {
    title: "writes nothing after its end, whatever it is told then",
    async run(make) {
      const { reporter, written } = make();
      await tell(reporter, runEvents());
      const before = await written();
      for (const event of [...runEvents().slice(1), ...figureEvents()]) reporter.on(event);
      await new Promise((resolve) => setTimeout(resolve, 150));
      require((await written()) === before, "something was written after the end.");
    },
  },
  {
    title: "lets no text from data act as markup or as a terminal's command",
    async run(make) {
      const { reporter, written, plainText = false } = make();
      const events = [...figureEvents(hostile), ...runEvents({ text: hostile }).slice(1)];
      await tell(reporter, [runStart({ text: hostile }), ...events]);
      const text = await written();
      require(plainText || !text.includes("<script>alert(1)"), "a class name became markup.");
      require(!text.includes("\u001b[31mred") &&
        !text.includes("\u001b]0;title"), "a class name became a terminal's command.");
      require(!text.includes("\u202e"), "a name may turn the direction of writing around.");
    },
  },
  {
    title: "leaves events as they are",
    async run(make) {
      const events = [runStart(), ...figureEvents(), ...runEvents().slice(1)];
      const before = JSON.stringify(events);
      await tell(make().reporter, events.map(deepFreeze));
      require(JSON.stringify(events) === before, "an event was changed.");
    },
  },
  {
    title: "does not disturb a run: it is neither dropped nor does it change what is learned",
    async run(make) {
      const { parameters } = await trainWatched([]);
      const watched = await trainWatched([make().reporter]);
      require(watched.notices.length === 0, `the run says: ${watched.notices.join(" ")}`);
      requireSame(watched.parameters.w!.data, parameters.w!.data, "the parameters");
    },
  },
  {
    title: "gets steps and probes as often as it declares, and the last step",
    async run(make) {
      const { reporter } = make();
      const { steps = { everyMs: 100 }, wants = {} } = reporter;
      const told: StepEvent[] = [];
      const on = (event: Event) => {
        if (event.type === "step") told.push(event);
        reporter.on(event);
      };
      // All else is asked of the reporter itself, whenever the run does.
      const listening = new Proxy(reporter, { get: (of, key) => (key === "on" ? on : of[key as "on"]) });
      const beganMs = performance.now();
      const result = await trainWatched([listening]);
      const run = { steps: result.steps, elapsedMs: performance.now() - beganMs };
      require(told.at(-1)?.step === run.steps, "the last step did not arrive.");
      for (const [probe, when] of Object.entries(wants)) {
        const measured = told.filter(({ probes }) => probes?.[probe as Probe] !== undefined);
        requireOften(measured, [when], run, `the probe ${probe}`);
      }
      requireOften(told, [steps, ...Object.values(wants)], run, "a step");
    },
  },
];

async function tell(reporter: Reporter, events: readonly Event[]): Promise<void> {
  for (const event of events) reporter.on(event);
  await reporter.end?.(1000);
}

/** Requires steps to have been told as often as one or the other asked for them, and not more often. */
function requireOften(
  told: readonly StepEvent[],
  asked: readonly When[],
  run: { readonly steps: number; readonly elapsedMs: number },
  what: string,
): void {
  const most = asked.reduce((sum, when) => sum + timesOf(when, run), 1);
  require(told.length <= most, `${what} was told ${told.length} times, and asked for at most ${most} times.`);
  const steps = new Set(told.map(({ step }) => step));
  for (const when of asked) {
    const every = when === "always" ? 1 : "every" in when ? when.every : Infinity;
    for (let step = every; step <= run.steps; step += every)
      require(steps.has(step), `${what} was asked for every ${every} steps, but not told at step ${step}.`);
  }
}

/** How often something is due, at most: at the first step, and then as asked for. */
function timesOf(when: When, { steps, elapsedMs }: { steps: number; elapsedMs: number }): number {
  if (when === "always") return steps;
  return 1 + Math.floor("every" in when ? steps / when.every : elapsedMs / when.everyMs);
}

/** Freezes an event all the way down, but for its typed arrays, which cannot be. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
