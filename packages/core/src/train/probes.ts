import type { Session } from "../engine/engine.js";
import type { Work } from "../engine/run.js";
import type { Tensor } from "../expr/tensor.js";
import { globalNorm } from "../minimize/oracle.js";
import type {} from "../minimize/start.js";
import { arenas, type Shapes } from "../optimizer/trace.js";
import type { Floats, Write } from "../program/program.js";
import { split } from "../program/split.js";
import { writesTo } from "../program/writes-to.js";
import { mapValues } from "../record/map-values.js";
import { type Packed, type Probe, type StepEvent, toNum } from "./events.js";
import { histogram } from "./histogram.js";
import { look, memory, type outputs } from "./memory.js";

type Measured = NonNullable<StepEvent["probes"]>;
type Tensors = Readonly<Record<string, Tensor>>;

/** What an update's program writes besides, so that these probes can be read after it. */
export function probeWrites(
  probes: ReadonlySet<Probe>,
  parameters: Tensors,
  gradient: Tensors,
  update: readonly Write[],
): Write[] {
  const writes: Write[] = [];
  const output = (name: keyof typeof outputs, value: Tensor) =>
    writes.push({ arena: memory.output, name, value });
  const norm = globalNorm(Object.values(gradient));
  if (probes.has("gradientNorm")) output("gradientNorm", norm);
  if (probes.has("stepNorm") || probes.has("cosine")) {
    const moved = update.filter((write) => write.arena === arenas.parameter);
    const steps = moved.map(({ name, value }) => ({ name, step: parameters[name]!.sub(value) }));
    const length = globalNorm(steps.map(({ step }) => step));
    if (probes.has("stepNorm")) output("stepNorm", length);
    if (probes.has("cosine")) {
      const along = steps
        .map(({ name, step }) => step.mul(gradient[name]!).sum())
        .reduce((sum, part) => sum.add(part));
      output("cosine", along.div(length.mul(norm)));
    }
  }
  if (probes.has("gradientHistograms")) writes.push(...writesTo(arenas.gradient, gradient));
  return writes;
}

/** What was measured, after the update's program has run. */
export function* readProbes(session: Session, shapes: Shapes, probes: readonly Probe[]): Work<Measured> {
  const measured: Record<string, Measured[Probe]> = {};
  for (const probe of probes) {
    if (probe === "gradientNorm" || probe === "stepNorm" || probe === "cosine") {
      measured[probe] = toNum((yield* look(session, memory.output, probe))[0]!);
    } else if (probe === "parameters") {
      measured[probe] = packAll((yield* look(session, arenas.parameter)).slice(), shapes);
    } else {
      const arena = probe === "gradientHistograms" ? arenas.gradient : arenas.parameter;
      measured[probe] = histograms(yield* look(session, arena), shapes);
    }
  }
  return measured;
}

export function histograms(values: Floats, shapes: Shapes): Record<string, Packed> {
  return mapValues(split(values, shapes), (part) => histogram(part));
}

/** All parameters, by name, as events carry them. */
export function packAll(values: Floats, shapes: Shapes): Record<string, Packed> {
  const dtype = values instanceof Float32Array ? "float32" : "float64";
  return mapValues(split(values, shapes), (data, name) => ({ dtype, shape: shapes[name]!, data }));
}
