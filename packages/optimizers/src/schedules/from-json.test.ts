import { controllersOf, describeSetting } from "@downhill/core";
import { describe, expect, it } from "vitest";
import type { Argument } from "./arguments.js";
import {
  argument,
  constant,
  cosine,
  defineSchedule,
  plateau,
  scheduleFromJSON,
  schedules,
  step,
  warmup,
} from "./index.js";

/** Some value for every kind of argument that has no default. */
const examples: readonly unknown[] = [8, 0.5, [3, 7], true, "min"];
const exampleOf = (argument: Argument<unknown>) => examples.find((example) => argument.fits(example));

describe("scheduleFromJSON", () => {
  it.each(Object.values(schedules))("brings $definition.name back", (make) => {
    const given = Object.entries<Argument<unknown>>(make.definition.arguments).filter(
      ([, argument]) => !("default" in argument) && !("optional" in argument),
    );
    const schedule = make(
      0.5,
      Object.fromEntries(given.map(([name, argument]) => [name, exampleOf(argument)])),
    );
    const back = scheduleFromJSON(JSON.parse(JSON.stringify(schedule))) as typeof schedule;
    expect(describeSetting(back)).toEqual(describeSetting(schedule));
    const some = [0, 1, 5, 8, 20];
    expect(some.map(back)).toEqual(some.map(schedule));
  });

  it("brings joined schedules back, with what is still open in them", () => {
    const schedule = warmup(3, cosine(1, { steps: "run" }), { initialValue: 0.5 })
      .times(step(2, { stepSize: 4 }).repeat(8))
      .then(0.25, 30);
    const back = scheduleFromJSON(JSON.parse(JSON.stringify(schedule))) as typeof schedule;
    const some = [0, 2, 3, 10, 29, 30, 99];
    expect(some.map(back.forRun!(40))).toEqual(some.map(schedule.forRun!(40)));
    expect(JSON.stringify(back)).toBe(JSON.stringify(schedule));
    expect(controllersOf(scheduleFromJSON(JSON.parse(JSON.stringify(warmup(3, plateau(1))))))).toHaveLength(
      1,
    );
  });

  it("takes schedules defined elsewhere", () => {
    const half = defineSchedule({
      name: "half",
      source: "",
      arguments: { steps: argument.steps("Until half.") },
      at: (t, { value, steps }) => (t < steps ? value : value / 2),
    });
    const back = scheduleFromJSON({ schedule: "half", value: 4, steps: 2 }, { half }) as typeof Math.abs;
    expect([1, 2].map(back)).toEqual([4, 2]);
  });

  it("leaves a number a number", () => {
    expect(scheduleFromJSON(0.1)).toBe(0.1);
  });

  it("names what it does not know", () => {
    expect(() => scheduleFromJSON({ schedule: "cosin", value: 1 })).toThrow(
      'scheduleFromJSON: unknown schedule "cosin". Did you mean "cosine"? There are constant, step,',
    );
    expect(() => scheduleFromJSON({ schedule: "cosine", value: 1, stps: 3 })).toThrow(
      'cosine: unknown argument "stps"',
    );
    expect(() => scheduleFromJSON(describeSetting((t) => t))).toThrow("a function of the user's own");
    expect(() => scheduleFromJSON("cosine")).toThrow(
      'got "cosine"; expected a number or { "schedule": name, … }',
    );
    expect(() => scheduleFromJSON({ schedule: "toString" })).toThrow('unknown schedule "toString"');
  });

  it("says what a schedule is in one JSON object", () => {
    expect(describeSetting(cosine(1e-3, { steps: 100 }))).toEqual({
      schedule: "cosine",
      value: 1e-3,
      steps: 100,
      endValue: 0,
      exponent: 1,
    });
    expect(describeSetting(constant(1).then(2, 5))).toEqual({
      schedule: "then",
      first: { schedule: "constant", value: 1 },
      next: 2,
      at: 5,
    });
  });
});
