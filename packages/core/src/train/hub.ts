import { isPromise, type Work } from "../engine/run.js";
import type { EpochEvent, Event, Json, NoticeEvent, Probe, StepEvent } from "./events.js";
import { createPace, type Pace } from "./pace.js";
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
  readonly steps: Pace;
  readonly probes: readonly (readonly [Probe, Pace])[];
  /** The last step it was told. */
  told: number;
}

/** By reporters' keys: the last step each was told, and where it says that it stands. */
export type Marks = Readonly<Record<string, { readonly told: number; readonly mark: Json }>>;

/** Tells reporters what they want to know, and keeps the run from what goes wrong with them. */
export interface Hub {
  /** What is due at the step to come; undefined where nobody wants it. To be asked once for each step. */
  due(step: number, nowMs: number): Due | undefined;
  /** To those for whom it is due. */
  tell(event: StepEvent | EpochEvent, due: Due): void;
  /** To all. */
  emit(event: Event): void;
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

export function createHub(reporters: readonly Reporter[]): Hub {
  const notices: string[] = [];
  let closed = false;
  let listeners: readonly Listener[] = reporters.map((reporter, i) => {
    const twins = reporters.slice(0, i).filter(({ name }) => name === reporter.name).length;
    const wants = Object.entries(reporter.wants ?? {});
    return {
      reporter,
      key: twins === 0 ? reporter.name : `${reporter.name} ${twins + 1}`,
      steps: createPace(reporter.steps ?? defaultSteps),
      probes: wants.map(([probe, when]) => [probe as Probe, createPace(when)] as const),
      told: 0,
    };
  });

  function drop(listener: Listener, doing: string, error: unknown): void {
    if (!listeners.includes(listener)) return;
    listeners = listeners.filter((other) => other !== listener);
    const reason = error instanceof Error ? error.message : String(error);
    hub.notice(`Reporter ${listener.key} failed ${doing}: ${reason} It is dropped.`, "warning");
  }
  function attempt<T>(listener: Listener, doing: string, act: () => T): T | undefined {
    try {
      const result = act();
      // An async function fails later, and must not end the process.
      if (isPromise(result)) result.then(undefined, (error: unknown) => drop(listener, doing, error));
      return result;
    } catch (error) {
      drop(listener, doing, error);
      return undefined;
    }
  }
  function deliver(event: Event, to: readonly Listener[]): void {
    if (closed) return;
    for (const listener of to) {
      if (!listeners.includes(listener)) continue;
      if (event.type === "step") listener.told = event.step;
      attempt(listener, `at ${event.type}`, () => listener.reporter.on(event));
    }
  }

  const hub: Hub = {
    notices,
    due(step, nowMs) {
      let due: { listeners: Listener[]; probes: Set<Probe> } | undefined;
      for (const listener of listeners) {
        let wanted = listener.steps(step, nowMs);
        for (const [probe, pace] of listener.probes) {
          if (!pace(step, nowMs)) continue;
          wanted = true;
          due ??= { listeners: [], probes: new Set() };
          due.probes.add(probe);
        }
        if (wanted) (due ??= { listeners: [], probes: new Set() }).listeners.push(listener);
      }
      return due && { listeners: due.listeners, probes: [...due.probes].sort() };
    },
    tell: (event, due) => deliver(event, due.listeners),
    emit: (event) => deliver(event, listeners),
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
        const mark = attempt(listener, "to keep its place", () => listener.reporter.mark?.());
        if (mark !== undefined) marks[listener.key] = { told: listener.told, mark };
      }
      return marks;
    },
    resume(marks) {
      for (const listener of listeners) {
        const place = marks[listener.key];
        if (place === undefined) continue;
        listener.told = place.told;
        attempt(listener, "to go back to its place", () => listener.reporter.resume?.(place.mark));
      }
    },
    *close(timeoutMs) {
      closed = true;
      const endings = listeners.flatMap((listener) => {
        const ending = attempt(listener, "to end", () => listener.reporter.end?.(timeoutMs));
        return ending === undefined ? [] : [inTime(listener, ending, timeoutMs)];
      });
      if (endings.length > 0) yield Promise.all(endings);
    },
  };
  function inTime(listener: Listener, ending: Promise<void>, timeoutMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        drop(listener, "to end", `it took longer than ${timeoutMs} ms.`);
        resolve();
      }, timeoutMs);
    });
    // Errors have been dealt with by `attempt`.
    const ended = Promise.resolve(ending).catch(() => {});
    return Promise.race([ended, late]).finally(() => clearTimeout(timer));
  }
  return hub;
}
