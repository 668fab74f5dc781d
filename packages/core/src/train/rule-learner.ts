import type { Kernel, Session } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import { constant, hostScalar, leaf, type Tensor } from "../expr/tensor.js";
import { gradients } from "../gradient/reverse.js";
import { loadKernel } from "../minimize/oracle.js";
import type { Rule } from "../optimizer/optimizer.js";
import { checkSavedState } from "../optimizer/saved-state.js";
import { arenas } from "../optimizer/trace.js";
import { createUpdater } from "../optimizer/updater.js";
import type { Floats, Layout, Write } from "../program/program.js";
import { forkKey } from "../random/index.js";
import type { Probe } from "./events.js";
import type { Learner, LearnerPlan } from "./learner.js";
import { mapValues } from "./map-values.js";
import { look, memory } from "./memory.js";
import { probeWrites, readProbes } from "./probes.js";
import { isNoisy, noiseKey, type TracedLoss, traceParameters, writesTo } from "./traced-loss.js";
import { readSlots, writeSlots } from "./slots.js";

interface RuleOptions {
  readonly seed: number;
  readonly fullBatch: boolean;
  /** Whether updates join the gradients of several batches. */
  readonly joins: boolean;
}

/** Host scalar: what a batch weighs, or those together that an update joins. */
const weightScalar = "weight";

/**
 * Learns by an update rule. Forward, backward and update are one program for each number of rows; where batches are
 * joined, one adds w·∇l of its rows to a sum, and another updates by that sum divided by Σ w.
 */
export function planRule(rule: Rule<any>, loss: TracedLoss, { seed, fullBatch, joins }: RuleOptions): LearnerPlan {
  const { shapes } = loss;
  const updater = createUpdater(rule, shapes, seed);
  const hostScalars = [...updater.hostScalars, noiseKey, weightScalar];
  const parameters = traceParameters(arenas.parameter, shapes);

  /** The update by a gradient, with what is measured about it. */
  function update(gradient: Readonly<Record<string, Tensor>>, value: Tensor, probes: readonly Probe[]): Write[] {
    const writes = updater.update(
      mapValues(parameters, (parameter, name) => ({ parameter, gradient: gradient[name]! })),
      value,
    );
    const measured = fullBatch ? new Set<Probe>(["gradientNorm", ...probes]) : new Set(probes);
    return [...writes, ...probeWrites(measured, parameters, gradient, writes)];
  }

  function lossAndGradient(rows: number) {
    const value = loss.at(parameters, memory.batch, rows, true);
    const list = gradients(value, Object.values(parameters));
    const gradient = Object.fromEntries(Object.keys(parameters).map((name, i) => [name, list[i]!]));
    return { gradient, value, write: { arena: memory.output, name: "value", value } };
  }

  /** Programs: all in one, or to collect a batch and to update by what was collected. */
  const programs = {
    fused(rows: number, probes: readonly Probe[]) {
      const { gradient, value, write } = lossAndGradient(rows);
      const placements = writesTo(arenas.gradient, gradient);
      return { writes: [write, ...update(gradient, value, probes)], placements };
    },
    collect(rows: number) {
      const { gradient, write } = lossAndGradient(rows);
      const sums = mapValues(gradient, (g, name) =>
        leaf(memory.accumulated, name, g.shape).add(g.mul(hostScalar(weightScalar))),
      );
      return { writes: [write, ...writesTo(memory.accumulated, sums)] };
    },
    join(_rows: number, probes: readonly Probe[]) {
      const mean = mapValues(shapes, (shape, name) =>
        leaf(memory.accumulated, name, shape).div(hostScalar(weightScalar)),
      );
      const zeros = mapValues(shapes, (shape) => constant(0, shape));
      const value = leaf(memory.output, "value", []);
      return { writes: [...update(mean, value, probes), ...writesTo(memory.accumulated, zeros)] };
    },
  };

  const layout: Layout = {
    [arenas.parameter]: shapes,
    [arenas.gradient]: shapes,
    ...(updater.view && { [arenas.view]: shapes }),
    ...(joins && { [memory.accumulated]: shapes }),
    ...updater.layout,
  };

  function* open(session: Session): Work<Learner> {
    const { view } = session as { view?: (arena: string) => Floats };
    const load = (writes: readonly Write[], placements: readonly Write[] = []) =>
      loadKernel(session, { writes, hostScalars, placements });
    const scalars = new Float64Array(hostScalars.length);
    const [noiseAt, weightAt] = [hostScalars.length - 2, hostScalars.length - 1];
    const kernels = new Map<string | number, { readonly kernel: Kernel; readonly noisy: boolean }>();

    function* run(which: keyof typeof programs, rows: number, probes: readonly Probe[], weight: number): Work<void> {
      // The usual step, without probes, is found by its number of rows alone.
      const key = which !== "join" && probes.length === 0 ? rows : `${which} ${rows} ${probes.join()}`;
      let found = kernels.get(key);
      if (found === undefined) {
        const { writes, placements } = programs[which](rows, probes) as { writes: Write[]; placements?: Write[] };
        found = { kernel: yield* load(writes, placements), noisy: isNoisy(writes) };
        kernels.set(key, found);
      }
      scalars.set(updater.prepare(learner.updates + 1));
      if (found.noisy) scalars[noiseAt] = forkKey(seed, "loss", batches);
      scalars[weightAt] = weight;
      const running = found.kernel.run(scalars);
      if (running) yield running;
    }

    const start = yield* load(updater.start);
    scalars.set(updater.prepare(1));
    yield* settle(start.run(scalars));
    const viewKernel = updater.view && (yield* load(updater.view));

    let batches = 0;
    let joined = { weight: 0, value: 0 };
    const learner = {
      updates: 0,
      value: Number.NaN,
      weight: 0,
      gradientNorm: Number.NaN,
      stuck: undefined,
      *learn(rows: number, weight: number, complete: boolean, probes: readonly Probe[]): Work<boolean> {
        batches++;
        return joins ? yield* joinBatch(rows, weight, complete, probes) : yield* fusedStep(rows, weight, probes);
      },
      measured: (probes: readonly Probe[]) => readProbes(session, shapes, probes),
      *point() {
        if (viewKernel === undefined) return yield* look(session, arenas.parameter);
        scalars.set(updater.prepare(Math.max(1, learner.updates)));
        yield* settle(viewKernel.run(scalars));
        return yield* look(session, arenas.view);
      },
      hyper: () => updater.hyperAt(Math.max(1, learner.updates)),
      *save() {
        const gradient = joined.weight > 0 ? yield* readSlots(session, memory.accumulated, shapes) : undefined;
        const state: Record<string, Awaited<typeof gradient> & {}> = {};
        for (const [arena, slots] of Object.entries(updater.layout)) state[arena] = yield* readSlots(session, arena, slots);
        return {
          kind: "rule" as const,
          optimizer: rule.name,
          t: learner.updates,
          value: learner.value,
          batches,
          parameters: yield* readSlots(session, arenas.parameter, shapes),
          state,
          host: updater.saveHostState(),
          missed: {},
          ...(gradient && { accumulated: { ...joined, gradient } }),
        };
      },
      load(saved: Parameters<Learner["load"]>[0]) {
        if (saved.kind !== "rule") throw new Error(`${rule.name}: the saved state is of the method ${saved.optimizer}.`);
        const { parameters, accumulated } = saved;
        checkSavedState(
          rule.name,
          { ...updater.layout, [arenas.parameter]: shapes },
          { ...saved, state: { ...saved.state, [arenas.parameter]: parameters } },
        );
        writeSlots(session, arenas.parameter, parameters);
        for (const [arena, slots] of Object.entries(saved.state)) writeSlots(session, arena, slots);
        if (accumulated) writeSlots(session, memory.accumulated, accumulated.gradient);
        joined = accumulated ? { weight: accumulated.weight, value: accumulated.value } : { weight: 0, value: 0 };
        updater.loadHostState(saved.host);
        learner.updates = saved.t;
        learner.value = saved.value;
        batches = saved.batches;
      },
    };

    function* fusedStep(rows: number, weight: number, probes: readonly Probe[]): Work<boolean> {
      // Rows that weigh nothing have no mean loss and teach nothing.
      if (weight === 0) return false;
      yield* run("fused", rows, probes, weight);
      yield* updated(weight);
      return true;
    }

    function* joinBatch(rows: number, weight: number, complete: boolean, probes: readonly Probe[]): Work<boolean> {
      if (weight > 0) {
        yield* run("collect", rows, [], weight);
        const [value] = view ? view(memory.output) : yield* look(session, memory.output);
        const total = joined.weight + weight;
        joined = { weight: total, value: joined.value + (value! - joined.value) * (weight / total) };
      }
      if (!complete || joined.weight === 0) return false;
      session.write(memory.output, "value", [joined.value]);
      const { weight: total } = joined;
      joined = { weight: 0, value: 0 };
      yield* run("join", 0, probes, total);
      yield* updated(total);
      return true;
    }

    function* updated(weight: number): Work<void> {
      const [value, gradientNorm] = view ? view(memory.output) : yield* look(session, memory.output);
      learner.value = value!;
      learner.weight = weight;
      if (fullBatch) learner.gradientNorm = gradientNorm!;
      learner.updates++;
      updater.advance();
    }

    return learner;
  }
  return { layout, open };
}
