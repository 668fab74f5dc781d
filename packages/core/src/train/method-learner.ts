import type { Kernel, Session } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import { hvp } from "../gradient/grad.js";
import { gradients } from "../gradient/reverse.js";
import { loadKernel } from "../minimize/oracle.js";
import { answerAll } from "../optimizer/answer.js";
import { type Ask, type Point, type Vector, vector } from "../optimizer/method.js";
import type { Method } from "../optimizer/optimizer.js";
import { methodHyper } from "../optimizer/settings.js";
import { arenas, leaves } from "../optimizer/trace.js";
import type { Floats, Layout, Write } from "../program/program.js";
import { writesTo } from "../program/writes-to.js";
import { forkKey } from "../random/index.js";
import { type Probe, type StepEvent, toNum } from "./events.js";
import type { Learner, LearnerPlan } from "./learner.js";
import type { MethodState } from "./learner-state.js";
import { look, memory } from "./memory.js";
import { histograms, packAll } from "./probes.js";
import { isNoisy, noiseKey, type TracedLoss } from "./traced-loss.js";

/** Where the vector of a Hessian-vector product lies. */
const direction = "direction";

/**
 * Learns by a method: each step answers its requests on the rows in memory, one batch's noise for all of them. With
 * other rows than before, the point where it stands is evaluated anew.
 */
export function planMethod(
  method: Method<any>,
  loss: TracedLoss,
  { seed, fullBatch }: { readonly seed: number; readonly fullBatch: boolean },
): LearnerPlan {
  const { shapes } = loss;
  const parameters = leaves(arenas.parameter, shapes);
  const layout: Layout = { [arenas.parameter]: shapes, [arenas.gradient]: shapes, [direction]: shapes };

  function trace(want: Ask["want"], rows: number): Write[] {
    const lossAt = (at: typeof parameters) => loss.at(at, memory.batch, rows, true);
    if (want === "hvp") return writesTo(arenas.gradient, hvp(lossAt)(parameters, leaves(direction, shapes)));
    const value = lossAt(parameters);
    const write = { arena: memory.output, name: "value", value };
    if (want === "value") return [write];
    const list = gradients(value, Object.values(parameters));
    return [
      write,
      ...Object.keys(shapes).map((name, i) => ({ arena: arenas.gradient, name, value: list[i]! })),
    ];
  }

  function* open(session: Session): Work<Learner> {
    const kernels = new Map<string, { readonly kernel: Kernel; readonly noisy: boolean }>();
    const scalars = new Float64Array(1);
    const hostScalars = [noiseKey];
    let rowsNow = 0;
    let batches = 0;
    let asked = 0;

    function* answer(request: Ask): Work<number | Point | Vector> {
      asked++;
      const key = `${request.want} ${rowsNow}`;
      let found = kernels.get(key);
      if (found === undefined) {
        const writes = trace(request.want, rowsNow);
        found = { kernel: yield* loadKernel(session, { writes, hostScalars }), noisy: isNoisy(writes) };
        kernels.set(key, found);
      }
      ({ noisy } = found);
      if (noisy) scalars[0] = forkKey(seed, "loss", batches);
      session.write(arenas.parameter, undefined, request.at.data);
      if (request.want === "hvp") session.write(direction, undefined, request.along.data);
      yield* settle(found.kernel.run(scalars));
      const value = request.want === "hvp" ? Number.NaN : (yield* look(session, memory.output, "value"))[0]!;
      if (request.want === "value") return value;
      const gradient = vector(Float64Array.from(yield* look(session, arenas.gradient)));
      return request.want === "hvp" ? gradient : { value, gradient };
    }

    let x = vector(Float64Array.from(yield* look(session, arenas.parameter)));
    let at: Point | undefined;
    let state = method.start(x.clone());
    let last = { x, gradient: x };
    let noisy = false;
    const learner = {
      updates: 0,
      evaluations: 0,
      value: Number.NaN,
      weight: 0,
      gradientNorm: Number.NaN,
      unread: 0,
      *read() {},
      next() {},
      stuck: undefined as string | undefined,
      *learn(rows: number, weight: number): Work<boolean> {
        batches++;
        if (weight === 0) return false;
        rowsNow = rows;
        if (!fullBatch || noisy || at === undefined)
          at = (yield* answer({ want: "gradient", at: x })) as Point;
        last = { x: x.clone(), gradient: at.gradient.clone() };
        learner.value = at.value;
        learner.evaluations = asked;
        learner.weight = weight;
        learner.gradientNorm = at.gradient.norm();
        // From where the loss is not finite there is no way on; the driver ends the run.
        if (Number.isFinite(learner.value) && Number.isFinite(learner.gradientNorm)) {
          const steps = method.step({ x, at, state }, methodHyper(method, learner.updates));
          const next = yield* answerAll(steps, answer);
          ({ x, at, state } = next);
          learner.stuck = next.stalled;
        }
        learner.updates++;
        return true;
      },
      // All is on the host already.
      *measured(probes: readonly Probe[]): Work<NonNullable<StepEvent["probes"]>> {
        const step = last.x.clone().axpy(-1, x);
        const [length, norm] = [step.norm(), last.gradient.norm()];
        const measures = {
          gradientNorm: () => toNum(norm),
          stepNorm: () => toNum(length),
          cosine: () => toNum(step.dot(last.gradient) / (length * norm)),
          parameterHistograms: () => histograms(x.data, shapes),
          gradientHistograms: () => histograms(last.gradient.data, shapes),
          parameters: () => packAll(x.data.slice(), shapes),
        };
        return Object.fromEntries(probes.map((probe) => [probe, measures[probe]()]));
      },
      *point(): Work<Floats> {
        session.write(arenas.parameter, undefined, x.data);
        return yield* look(session, arenas.parameter);
      },
      hyper: () => methodHyper(method, Math.max(0, learner.updates - 1)),
      // All is on the host already.
      *save(): Work<MethodState> {
        const { updates: t, value } = learner;
        return {
          kind: "method",
          optimizer: method.name,
          t,
          value,
          batches,
          evaluations: asked,
          x: x.data.slice(),
          state,
          ...(at && { at }),
        };
      },
      load(saved: Parameters<Learner["load"]>[0]) {
        if (saved.kind !== "method" || saved.optimizer !== method.name) {
          throw new Error(
            `${method.name}: the saved state is of ${saved.optimizer}. Resume with that optimizer.`,
          );
        }
        x = vector(saved.x.slice());
        ({ at, state, batches } = saved);
        learner.updates = saved.t;
        asked = saved.evaluations;
        learner.evaluations = asked;
        learner.value = saved.value;
      },
    };
    return learner;
  }
  return { layout, open };
}
