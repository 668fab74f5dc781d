import type { Kernel, Session } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import { loadKernel } from "../minimize/oracle.js";
import { loadHostState, saveHostState } from "../optimizer/host-state.js";
import type { Rule } from "../optimizer/optimizer.js";
import { checkSavedState, type SavedState } from "../optimizer/saved-state.js";
import { arenas } from "../optimizer/trace.js";
import { createUpdater } from "../optimizer/updater.js";
import type { Floats, Layout, Program } from "../program/program.js";
import { forkKey } from "../random/index.js";
import type { AtOnce } from "./at-once.js";
import type { Probe } from "./events.js";
import { type Learner, type LearnerPlan, mostUnread } from "./learner.js";
import type { LearnerState, RuleState } from "./learner-state.js";
import { look, memory } from "./memory.js";
import { readProbes } from "./probes.js";
import { rulePrograms } from "./rule-programs.js";
import { readSlots, writeSlots } from "./slots.js";
import { isNoisy, type TracedLoss } from "./traced-loss.js";

interface RuleOptions {
  readonly seed: number;
  readonly fullBatch: boolean;
  /** Whether updates join the gradients of several batches. */
  readonly joins: boolean;
}

/** A program in memory. */
interface Loaded {
  readonly kernel: Kernel;
  readonly noisy: boolean;
}

/**
 * Learns by an update rule. Forward, backward and update are one program for each number of rows; where batches are
 * joined, one adds w·∇l of its rows to a sum, and another updates by that sum divided by Σ w.
 */
export function planRule(
  rule: Rule<any>,
  loss: TracedLoss,
  { seed, fullBatch, joins }: RuleOptions,
): LearnerPlan {
  const { shapes } = loss;
  const updater = createUpdater(rule, shapes, seed);
  const programs = rulePrograms(loss, updater, fullBatch ? ["gradientNorm"] : []);
  const { hostScalars } = programs;
  const layout: Layout = {
    [arenas.parameter]: shapes,
    [arenas.gradient]: shapes,
    ...(updater.view && { [arenas.view]: shapes }),
    ...(joins && { [memory.accumulated]: shapes }),
    [memory.losses]: { [memory.losses]: [mostUnread] },
    ...updater.layout,
  };

  function* open(session: Session): Work<Learner> {
    const view = session.view as ((arena: string) => Floats) | undefined;
    const scalars = new Float64Array(hostScalars.length);
    const noiseAt = hostScalars.length - 3;
    const weightAt = hostScalars.length - 2;
    const placeAt = hostScalars.length - 1;
    // An asynchronous engine is not waited for in each step, unless each is an epoch or its batches are joined.
    const late = !view && !fullBatch && !joins;
    const kernels = new Map<string | number, Loaded>();

    function* load(program: Program): Work<Loaded> {
      return { kernel: yield* loadKernel(session, program), noisy: isNoisy(program.writes) };
    }
    function* kernelOf(key: string | number, program: () => Program): Work<Loaded> {
      let found = kernels.get(key);
      if (found === undefined) {
        found = yield* load(program());
        kernels.set(key, found);
      }
      return found;
    }
    function run({ kernel, noisy }: Loaded, weight: number): void | Promise<void> {
      scalars.set(updater.prepare(learner.updates + 1));
      if (noisy) scalars[noiseAt] = forkKey(seed, "loss", batches);
      scalars[weightAt] = weight;
      scalars[placeAt] = weights.length;
      return kernel.run(scalars);
    }

    let batches = 0;
    let waiting = { weight: 0, value: 0 };
    /** What the rows of unread steps weighed, in order, and their losses once they are read. */
    let weights: number[] = [];
    let losses: readonly number[] = [];
    const learner = {
      updates: 0,
      // Each batch is evaluated once.
      get evaluations() {
        return batches - weights.length;
      },
      value: Number.NaN,
      weight: 0,
      gradientNorm: Number.NaN,
      get unread() {
        return weights.length;
      },
      *read() {
        if (weights.length === 0) return;
        losses = [...(yield* look(session, memory.losses))].slice(0, weights.length);
      },
      next() {
        [learner.value, ...losses] = losses as [number, ...number[]];
        [learner.weight, ...weights] = weights as [number, ...number[]];
      },
      stuck: undefined,
      learn(rows: number, weight: number, complete: boolean, probes: readonly Probe[]): AtOnce<boolean> {
        batches++;
        if (joins) return joinBatch(rows, weight, complete, probes);
        const ready = view && probes.length === 0 && weight > 0 ? kernels.get(rows) : undefined;
        if (ready === undefined) return learnBatch(rows, weight, probes);
        // The usual step: nothing to wait for.
        run(ready, weight);
        updated(view!(memory.output), weight);
        return true;
      },
      measured: (probes: readonly Probe[]) => readProbes(session, shapes, probes),
      *point() {
        if (viewKernel === undefined) return yield* look(session, arenas.parameter);
        scalars.set(updater.prepare(Math.max(1, learner.updates)));
        yield* settle(viewKernel.kernel.run(scalars));
        return yield* look(session, arenas.view);
      },
      hyper: () => updater.hyperAt(Math.max(1, learner.updates - weights.length)),
      *save(): Work<RuleState> {
        const { updates: t, value } = learner;
        const gradient = waiting.weight > 0 && (yield* readSlots(session, memory.accumulated, shapes));
        const parameters = yield* readSlots(session, arenas.parameter, shapes);
        const state: Record<string, SavedState["state"][string]> = {};
        for (const [arena, slots] of Object.entries(updater.layout))
          state[arena] = yield* readSlots(session, arena, slots);
        const host = saveHostState(updater);
        const saved = {
          kind: "rule" as const,
          optimizer: rule.name,
          t,
          value,
          batches,
          parameters,
          state,
          host,
          missed: {},
        };
        return gradient ? { ...saved, accumulated: { ...waiting, gradient } } : saved;
      },
      load(saved: LearnerState) {
        if (saved.kind !== "rule")
          throw new Error(`${rule.name}: the saved state is of the method ${saved.optimizer}.`);
        const { parameters, state, accumulated } = saved;
        const all = { ...saved, state: { ...state, [arenas.parameter]: parameters } };
        checkSavedState(rule.name, { ...updater.layout, [arenas.parameter]: shapes }, all);
        for (const [arena, slots] of Object.entries(all.state)) writeSlots(session, arena, slots);
        if (accumulated) {
          writeSlots(session, memory.accumulated, accumulated.gradient);
          waiting = { weight: accumulated.weight, value: accumulated.value };
        }
        loadHostState(rule.name, updater, saved.host);
        learner.updates = saved.t;
        learner.value = saved.value;
        batches = saved.batches;
      },
    };

    function* learnBatch(rows: number, weight: number, probes: readonly Probe[]): Work<boolean> {
      // Rows that weigh nothing have no mean loss and teach nothing.
      if (weight === 0) return false;
      const key = probes.length === 0 ? rows : `${rows} ${probes.join()}`;
      yield* settle(run(yield* kernelOf(key, () => programs.fused(rows, probes, late)), weight));
      if (late) {
        weights.push(weight);
        made();
      } else updated(yield* look(session, memory.output), weight);
      return true;
    }

    function* joinBatch(
      rows: number,
      weight: number,
      complete: boolean,
      probes: readonly Probe[],
    ): Work<boolean> {
      if (weight > 0) {
        yield* settle(run(yield* kernelOf(rows, () => programs.collect(rows)), weight));
        const value = (yield* look(session, memory.output))[0]!;
        const total = waiting.weight + weight;
        waiting = { weight: total, value: waiting.value + (value - waiting.value) * (weight / total) };
      }
      if (!complete || waiting.weight === 0) return false;
      const { weight: total, value } = waiting;
      session.write(memory.output, "value", [value]);
      yield* settle(run(yield* kernelOf(`join ${probes.join()}`, () => programs.join(probes)), total));
      waiting = { weight: 0, value: 0 };
      updated(yield* look(session, memory.output), total);
      return true;
    }

    function updated(output: Floats, weight: number): void {
      learner.value = output[0]!;
      learner.weight = weight;
      if (fullBatch) learner.gradientNorm = output[1]!;
      made();
    }

    function made(): void {
      learner.updates++;
      updater.advance();
    }

    const start = yield* load({ writes: updater.start, hostScalars });
    yield* settle(run(start, 0));
    const viewKernel = updater.view && (yield* load({ writes: updater.view, hostScalars }));
    return learner;
  }
  return { layout, open };
}
