import { range } from "../expr/functions.js";
import { constant, hostScalar, leaf, type Tensor } from "../expr/tensor.js";
import { gradients } from "../gradient/reverse.js";
import { arenas, leaves } from "../optimizer/trace.js";
import type { Updater } from "../optimizer/updater.js";
import type { Program, Write } from "../program/program.js";
import { writesTo } from "../program/writes-to.js";
import { mapValues } from "../record/map-values.js";
import type { Probe } from "./events.js";
import { mostUnread } from "./learner.js";
import { memory } from "./memory.js";
import { probeWrites } from "./probes.js";
import { noiseKey, type TracedLoss } from "./traced-loss.js";

/** Host scalar: what a batch weighs, or those together that an update joins. */
const weight = hostScalar("weight");
/** Host scalar: where among the unread losses that of a step goes. */
const place = hostScalar("place");

/** The programs of a rule's steps. */
export interface RulePrograms {
  /** Order of the host scalars: the rule's own, then the key of the noise, the weight, the place of the loss. */
  readonly hostScalars: readonly string[];
  /** Forward, backward and update, all in one; `late` puts the loss beside others that are not read yet. */
  fused(rows: number, probes: readonly Probe[], late: boolean): Program;
  /** Adds Σ w·∇l of a batch to what waits. */
  collect(rows: number): Program;
  /** Updates by the mean of what waits, and empties it. */
  join(probes: readonly Probe[]): Program;
}

/** `always` is measured in every update. */
export function rulePrograms(loss: TracedLoss, updater: Updater, always: readonly Probe[]): RulePrograms {
  const { shapes } = loss;
  const hostScalars = [...updater.hostScalars, noiseKey, "weight", "place"];
  const parameters = leaves(arenas.parameter, shapes);

  /** The update by a gradient, with what is measured about it. */
  function update(
    gradient: Readonly<Record<string, Tensor>>,
    value: Tensor,
    probes: readonly Probe[],
  ): Write[] {
    const writes = updater.update(
      mapValues(parameters, (parameter, name) => ({ parameter, gradient: gradient[name]! })),
      value,
    );
    return [...writes, ...probeWrites(new Set([...always, ...probes]), parameters, gradient, writes)];
  }

  function lossAndGradient(rows: number) {
    const value = loss.at(parameters, memory.batch, rows, true);
    const list = gradients(value, Object.values(parameters));
    const gradient = Object.fromEntries(Object.keys(parameters).map((name, i) => [name, list[i]!]));
    return { gradient, value, write: { arena: memory.output, name: "value", value } };
  }

  return {
    hostScalars,
    fused(rows, probes, late) {
      const { gradient, value, write } = lossAndGradient(rows);
      const unread = leaf(memory.losses, memory.losses, [mostUnread]);
      const beside = range(mostUnread).eq(place).where(value, unread);
      const kept = late ? { arena: memory.losses, name: memory.losses, value: beside } : write;
      const placements = writesTo(arenas.gradient, gradient);
      return { writes: [kept, ...update(gradient, value, probes)], hostScalars, placements };
    },
    collect(rows) {
      const { gradient, write } = lossAndGradient(rows);
      const sums = mapValues(gradient, (g, name) =>
        leaf(memory.accumulated, name, g.shape).add(g.mul(weight)),
      );
      return { writes: [write, ...writesTo(memory.accumulated, sums)], hostScalars };
    },
    join(probes) {
      const mean = mapValues(shapes, (shape, name) => leaf(memory.accumulated, name, shape).div(weight));
      const zeros = mapValues(shapes, (shape) => constant(0, shape));
      const value = leaf(memory.output, "value", []);
      return {
        writes: [...update(mean, value, probes), ...writesTo(memory.accumulated, zeros)],
        hostScalars,
      };
    },
  };
}
