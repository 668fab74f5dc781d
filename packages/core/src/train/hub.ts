import { isPromise, type Work } from "../engine/run.js";
import type { EpochEvent, EvaluationEvent, Event, Json, NoticeEvent, Probe, StepEvent } from "./events.js";
import { createPace } from "./pace.js";
import type { Reporter } from "./reporter.js";

/** Who gets a step's event, and what is to be measured for it. */
export interface Due {
  readonly listeners: readonly Listener[];
  readonly probes: readonly Probe[];
}

interface Listener {
  readonly reporter: Reporter;
  /** Name, with a number where several have the same: what its marks go by. */
  readonly key: string;
  /** The last step that was due for it. */
  due: number;
  /** The last step it was told. */
  told: number;
  /** For how long its calls have held the run up. */
  spentMs: number;
  isDropped: boolean;
}

/** By reporters' keys: the last step each was told, and where it says that it stands. */
export type Marks = Readonly<Record<string, { readonly told: number; readonly mark: Json }>>;

/** Tells reporters what they want to know, and keeps the run from what goes wrong with them. */
export interface Hub {
  /**
   * What is due at the step to come; undefined where nobody wants it. To be asked once for each step, which has as many
   * rows as most, or is a rare one: that one would need programs of its own for what can as well be measured at the next.
   */
  due(step: number, nowMs: number, isRare: boolean): Due | undefined;
  /** To those for whom it is due; `nowMs` by `performance.now`, where the caller has just read it. */
  tell(event: StepEvent | EpochEvent, due: Due, nowMs?: number): void;
  /** To all. */
  emit(event: Event): void;
  /** Share of the run's time that somebody wants spent on figures of the training data. */
  trainMetricsShare(): number;
  /** To those who want them. */
  tellTrainMetrics(event: EvaluationEvent): void;
  /** The last step and, where each step is an epoch, its epoch: to those who have not heard of it. */
  last(step: StepEvent, epoch: EpochEvent | undefined): void;
  notice(message: string, level?: NoticeEvent["level"]): void;
  /** All notices given. */
  readonly notices: readonly string[];
  /** Where reporters stand, all that they were told being safe. */
  mark(): Marks;
  /** Takes reporters back to where they stood. */
  resume(marks: Marks): void;
  /** Lets reporters finish, each within the time given; nothing is told any more. */
  close(timeoutMs: number): Work<void>;
}

/** How often a reporter that says nothing gets steps. */
const defaultSteps = { everyMs: 100 } as const;

/**
 * How long a reporter's calls may hold the run up: a second, and a tenth of the run's time. Quick calls do not count, for
 * next to the smallest steps any event takes long.
 */
const patience = { quickMs: 1, atFirstMs: 1000, share: 0.1 } as const;

const isAlways = ({ reporter }: Listener) => reporter.steps === "always";
const dueTo = (listeners: readonly Listener[], probes: readonly Probe[]): Due | undefined =>
  listeners.length > 0 ? { listeners, probes } : undefined;
const usualOf = (listeners: readonly Listener[]) => dueTo(listeners.filter(isAlways), []);

export function createHub(reporters: readonly Reporter[]): Hub {
  const notices: string[] = [];
  const begunMs = performance.now();
  let closed = false;
  let listeners: readonly Listener[] = reporters.map((reporter, i) => {
    const twins = reporters.slice(0, i).filter(({ name }) => name === reporter.name).length;
    return {
      reporter,
      key: twins === 0 ? reporter.name : `${reporter.name} ${twins + 1}`,
      due: 0,
      told: 0,
      spentMs: 0,
      isDropped: false,
    };
  });
  /** What is due at each step: nobody decides anew what comes always. */
  let usual = usualOf(listeners);
  /** Of everyone's steps, and of each probe: what comes by the clock most rarely first. */
  let paces = listeners
    .flatMap((listener) =>
      Object.entries({ "": listener.reporter.steps ?? defaultSteps, ...listener.reporter.wants }).map(
        ([probe, when]) => ({ listener, probe: probe as Probe | "", pace: createPace(when) }),
      ),
    )
    .filter(({ listener, probe }) => probe || !isAlways(listener))
    .sort((a, b) => b.pace.everyMs - a.pace.everyMs);
  /** Nothing is due before this step, nor before this time. */
  let nextStep = 0;
  let nextMs = 0;

  function drop(listener: Listener, why: string): void {
    if (listener.isDropped) return;
    listener.isDropped = true;
    listeners = listeners.filter((other) => other !== listener);
    paces = paces.filter((each) => each.listener !== listener);
    usual = usualOf(listeners);
    hub.notice(`Reporter ${listener.key} ${why} It is dropped.`, "warning");
  }
  function dropFailed(listener: Listener, doing: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    drop(listener, `failed ${doing}: ${reason}`);
  }
  /** What it is doing is an event, or is said in words. */
  function attempt<T>(listener: Listener, act: () => T, doing: Event | string): T | undefined {
    const fail = (error: unknown) =>
      dropFailed(listener, typeof doing === "string" ? doing : `at ${doing.type}`, error);
    try {
      const result = act();
      // An async function fails later, and must not end the process.
      if (isPromise(result)) result.then(undefined, fail);
      return result;
    } catch (error) {
      fail(error);
      return undefined;
    }
  }
  function deliver(event: Event, to: readonly Listener[], nowMs = performance.now()): void {
    if (closed) return;
    // The clock is read once for each: next to the smallest steps that, too, takes long.
    let beforeMs = nowMs;
    for (const listener of to) {
      if (listener.isDropped) continue;
      if (event.type === "step") listener.told = event.step;
      attempt(listener, () => listener.reporter.on(event), event);
      const afterMs = performance.now();
      if (afterMs - beforeMs <= patience.quickMs) beforeMs = afterMs;
      else {
        judgePace(listener, beforeMs, afterMs);
        beforeMs = performance.now();
      }
    }
  }
  function judgePace(listener: Listener, beforeMs: number, afterMs: number): void {
    listener.spentMs += afterMs - beforeMs;
    if (listener.spentMs <= patience.atFirstMs + patience.share * (beforeMs - begunMs)) return;
    drop(listener, `is too slow: it has held the run up for ${(listener.spentMs / 1000).toFixed(1)} s.`);
  }

  const hub: Hub = {
    notices,
    due(step, nowMs, isRare) {
      // Asked before each step, the smallest of which take microseconds: most often there is nothing to decide.
      if (step < nextStep && nowMs < nextMs) return usual;
      nextStep = nextMs = Infinity;
      const probes = new Set<Probe>();
      // What is rare brings all that is less so with it: each other set of probes would be one more program to compile.
      let together = false;
      for (const { listener, probe, pace } of paces) {
        if (!(isRare && probe && pace.everyMs) && pace.take(step, nowMs, together)) {
          together ||= pace.everyMs > 0;
          listener.due = step;
          if (probe) probes.add(probe);
        }
        nextStep = Math.min(nextStep, pace.nextStep);
        nextMs = Math.min(nextMs, pace.nextMs);
      }
      return dueTo(
        listeners.filter((listener) => listener.due === step || isAlways(listener)),
        [...probes].sort(),
      );
    },
    tell: (event, due, nowMs) => deliver(event, due.listeners, nowMs),
    emit: (event) => deliver(event, listeners),
    trainMetricsShare: () => Math.max(0, ...listeners.map(({ reporter }) => reporter.trainMetrics ?? 0)),
    tellTrainMetrics(event) {
      deliver(
        event,
        listeners.filter(({ reporter }) => reporter.trainMetrics),
      );
    },
    last(step, epoch) {
      const late = listeners.filter((listener) => listener.told < step.step);
      deliver(step, late);
      if (epoch) deliver(epoch, late);
    },
    notice(message, level = "info") {
      notices.push(message);
      hub.emit({ type: "notice", level, message });
    },
    mark() {
      const marks: Record<string, Marks[string]> = {};
      for (const listener of listeners) {
        const mark = attempt(listener, () => listener.reporter.mark?.(), "to keep its place");
        if (mark !== undefined) marks[listener.key] = { told: listener.told, mark };
      }
      return marks;
    },
    resume(marks) {
      for (const listener of listeners) {
        const place = marks[listener.key];
        if (place === undefined) continue;
        listener.told = place.told;
        attempt(listener, () => listener.reporter.resume?.(place.mark), "to go back to its place");
      }
    },
    *close(timeoutMs) {
      closed = true;
      const endings = listeners.flatMap((listener) => {
        const ending = attempt(listener, () => listener.reporter.end?.(timeoutMs), "to end");
        return ending === undefined ? [] : [inTime(listener, ending, timeoutMs)];
      });
      if (endings.length > 0) yield Promise.all(endings);
    },
  };
  function inTime(listener: Listener, ending: Promise<void>, timeoutMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        dropFailed(listener, "to end", `it took longer than ${timeoutMs} ms.`);
        resolve();
      }, timeoutMs);
    });
    // Errors have been dealt with by `attempt`.
    const ended = Promise.resolve(ending).catch(() => {});
    return Promise.race([ended, late]).finally(() => clearTimeout(timer));
  }
  return hub;
}
