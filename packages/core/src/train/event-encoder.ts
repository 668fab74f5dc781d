import { encodeEvent, harmlessJson } from "./event-line.js";
import type { Event, Num, StepEvent } from "./events.js";

/**
 * Encodes events one after another: the lines of `encodeEvent`, those of steps, of which there may be many, in a fraction
 * of the time.
 */
export function createEncoder(): (event: Event) => string {
  let latest: StepEvent["hyper"] = {};
  let hyper = "{}";
  return (event) => {
    if (event.type === "epoch" && Object.values(event.metrics).every(areKnown))
      return harmlessJson(JSON.stringify(event));
    if (event.type !== "step" || !isPlain(event)) return encodeEvent(event);
    const { step, epoch, value, evaluations, probes, timeMs } = event;
    // Most often it is the same record as before.
    if (event.hyper !== latest) {
      if (!areKnown(event.hyper)) return encodeEvent(event);
      latest = event.hyper;
      hyper = harmlessJson(JSON.stringify(latest));
    }
    return (
      `{"type":"step","step":${step},"epoch":${epoch},"value":${num(value)},"hyper":${hyper},` +
      `${evaluations === undefined ? "" : `"evaluations":${evaluations},`}"timeMs":${JSON.stringify(timeMs)}` +
      `${probes === undefined ? "" : `,"probes":${harmlessJson(JSON.stringify(probes))}`}}`
    );
  };
}

// Not as a text by itself: the engine keeps such texts for when the number comes again, and numbers of a run do not.
const num = (x: Num) => (typeof x === "number" ? JSON.stringify(x) : harmlessJson(JSON.stringify(x)));

/** Whether it has nothing but what JSON knows, and no arrays, its hyper-parameters aside. */
function isPlain({ step, epoch, value, evaluations = 0, timeMs, probes }: StepEvent): boolean {
  // A sum is finite only where all of them are, and are numbers.
  if (!Number.isFinite(step + epoch + evaluations + timeMs) || !isKnown(value)) return false;
  return probes === undefined || areKnown(probes);
}

function areKnown(values: Readonly<Record<string, unknown>>): boolean {
  for (const name in values) if (!isKnown(values[name])) return false;
  return true;
}

const isKnown = (x: unknown) => Number.isFinite(x) || typeof x === "string";
