import type { Controller } from "@downhill/core";
import type { Json } from "@downhill/core/train";
import { atLeast, choice, defaulted, fraction, text, whole } from "./arguments.js";
import { type Composable, composable } from "./composable.js";
import { type Known, readArguments, type Written } from "./define.js";

const name = "plateau";
const known = {
  monitor: defaulted(text("The metric to follow."), "validation.loss"),
  mode: defaulted(choice("Whether the metric should fall or rise.", ["min", "max"]), "min"),
  factor: defaulted(fraction("Factor of each reduction."), 0.1),
  patience: defaulted(
    whole("How many evaluations without progress are borne; one more reduces the value.", 0),
    10,
  ),
  threshold: defaulted(atLeast("What counts as progress.", 0), 1e-4),
  thresholdMode: defaulted(
    choice("Threshold as a fraction of the best, or as a difference.", ["rel", "abs"]),
    "rel",
  ),
  cooldown: defaulted(whole("Evaluations after a reduction that count no lack of progress.", 0), 0),
  minValue: defaulted(atLeast("Bound that the value stops at.", 0), 0),
  epsilon: defaulted(atLeast("Least reduction worth making.", 0), 1e-8),
};

/** What a plateau knows: its value, the best metric (null before the first), and its two counters. */
interface Course {
  readonly value: number;
  readonly best: number | null;
  readonly bad: number;
  readonly cooling: number;
}

/**
 * Reduces the value when a metric stops making progress: PyTorch's ReduceLROnPlateau, which reduces once the
 * evaluations without progress exceed the patience (Keras and optax reduce one earlier). NaN is no progress.
 *
 * The one schedule with a state: make one for each run. `train` shows it the metric named `monitor` at each evaluation;
 * elsewhere call `observe`. It can be joined like any other: `warmup(100, plateau(1e-3))`.
 */
export const plateau = Object.assign(
  (value: number, written: Written<typeof known> = {}): Composable & Controller => {
    const settings = readArguments(name, known, value, written) as unknown as Known<typeof known>;
    let course: Course = { value, best: null, bad: 0, cooling: 0 };
    const self = composable(
      () => course.value,
      () => ({ schedule: name, ...settings }) as Json,
    );
    return Object.assign(self, {
      monitor: settings.monitor,
      observe(metric: number) {
        course = follow(course, metric, settings);
      },
      save: () => ({ ...course }),
      load(state: Json) {
        course = checkCourse(state);
      },
    });
  },
  { definition: { name, source: "PyTorch ReduceLROnPlateau", arguments: known } },
);

function follow(course: Course, metric: number, settings: Known<typeof known>): Course {
  const { factor, patience, cooldown, minValue, epsilon } = settings;
  const better = isBetter(metric, course.best, settings);
  const best = better ? metric : course.best;
  const cooling = Math.max(0, course.cooling - 1);
  const bad = better || course.cooling > 0 ? 0 : course.bad + 1;
  if (bad <= patience) return { value: course.value, best, bad, cooling };
  const lower = Math.max(course.value * factor, minValue);
  return { value: course.value - lower > epsilon ? lower : course.value, best, bad: 0, cooling: cooldown };
}

function isBetter(metric: number, best: number | null, settings: Known<typeof known>): boolean {
  const { mode, threshold, thresholdMode } = settings;
  if (best === null) return !Number.isNaN(metric);
  const sign = mode === "min" ? -1 : 1;
  const margin = thresholdMode === "rel" ? best * threshold : threshold;
  return sign * metric > sign * (best + sign * margin);
}

function checkCourse(state: Json): Course {
  const course = state as unknown as Course;
  const fits =
    typeof course === "object" &&
    course !== null &&
    [course.value, course.bad, course.cooling].every(Number.isFinite) &&
    (course.best === null || typeof course.best === "number");
  if (fits) return course;
  throw new Error(
    `plateau: the saved state is ${JSON.stringify(state)}; expected { value, best, bad, cooling }. ` +
      "Was it saved by another schedule?",
  );
}
