import type { Kernel, Session } from "../engine/engine.js";
import { settle, type Work } from "../engine/run.js";
import { sizeOf } from "../expr/shape.js";
import { gradients } from "../gradient/reverse.js";
import { globalNorm, loadKernel } from "../minimize/oracle.js";
import { leaves } from "../optimizer/trace.js";
import type { Data } from "../program/data.js";
import type { Floats, Layout, Write } from "../program/program.js";
import type { Breath } from "./breath.js";
import { type Columns, rowSlots, rowsOf, sliceRows, weightOf, wholeOf } from "./columns.js";
import type { Batch, Dataset } from "./dataset.js";
import { look, memory } from "./memory.js";
import type { Model } from "./model.js";
import type { Figures } from "./result.js";
import type { TracedLoss } from "./traced-loss.js";

/** Rows evaluated at once, unless the whole data is in memory anyway. */
const chunkRows = 256;

/** Finds loss and metrics of whole parts of the data at a point, without noise. */
export interface Evaluator {
  /** Puts a point, all parameters in one row, where the following is found. */
  moveTo(point: Floats): void;
  figures(data: Dataset<any>): Work<Figures>;
  /** Throws for rows that the model says it cannot learn from. */
  check(data: Dataset<any>): Work<void>;
  /** Norm of the gradient over the rows in the batch's memory: all of them, in full-batch descent. */
  gradientNorm(): Work<number>;
}

export interface EvaluatorOptions {
  readonly model: Model<any>;
  readonly loss: TracedLoss;
  /** Columns of rows that are brought into memory to be evaluated. */
  readonly columns: Columns;
  /** Data whose rows lie in the batch's memory for good, in full-batch descent. */
  readonly resident: Dataset<any> | undefined;
  readonly breath: Breath;
}

/** Memory for evaluations of parts that have at most `mostRows` rows. */
export function evaluationLayout(
  { model, loss, columns, resident }: Omit<EvaluatorOptions, "breath">,
  mostRows: number,
): Layout {
  const chunk = Math.min(chunkRows, mostRows);
  const rows = Math.max(chunk, resident?.rows ?? 0);
  const point = leaves(memory.point, loss.shapes);
  const prediction = model.metrics && loss.predictAt(point, memory.rows, rows);
  return {
    [memory.point]: loss.shapes,
    [memory.rows]: rowSlots(columns, chunk),
    [memory.evaluation]: { loss: [], gradientNorm: [], ...(prediction && { prediction: prediction.shape }) },
  };
}

export function createEvaluator(session: Session, options: EvaluatorOptions): Evaluator {
  const { model, loss, columns, resident, breath } = options;
  const point = leaves(memory.point, loss.shapes);
  const none = new Float64Array(0);
  const kernels = new Map<string, Kernel>();
  const known = new Map<Dataset<any>, Part>();

  function* run(key: string, trace: () => readonly Write[]): Work<void> {
    let kernel = kernels.get(key);
    if (kernel === undefined) {
      kernel = yield* loadKernel(session, { writes: trace(), hostScalars: [] });
      kernels.set(key, kernel);
    }
    yield* settle(kernel.run(none));
  }

  function* evaluateRows(arena: string, rows: number): Work<void> {
    yield* run(`${arena} ${rows}`, () => {
      const writes = [{ arena: memory.evaluation, name: "loss", value: loss.at(point, arena, rows, false) }];
      const prediction = model.metrics && loss.predictAt(point, arena, rows);
      return prediction
        ? [...writes, { arena: memory.evaluation, name: "prediction", value: prediction }]
        : writes;
    });
  }

  function* partOf(data: Dataset<any>): Work<Part> {
    let part = known.get(data);
    if (part === undefined) {
      const given: Batch = yield* wholeOf(data);
      const rows = rowsOf(`data "${data.info.name}"`, data.columns, given);
      const whole = { weight: { data: new Float64Array(rows).fill(1), shape: [rows] }, ...given };
      if (data !== resident) rowsOf(`data "${data.info.name}"`, columns, whole);
      const { shape = undefined } = model.metrics ? (loss.predictAt(point, memory.rows, rows) ?? {}) : {};
      part = {
        rows,
        whole,
        prediction: shape && { data: newFloats(session, sizeOf(shape)), shape },
      };
      known.set(data, part);
    }
    return part;
  }

  return {
    moveTo: (values) => session.write(memory.point, undefined, values),
    *check(data) {
      if (!model.check) return;
      const { whole } = yield* partOf(data);
      model.check(whole as never, `${model.name} on data "${data.info.name}"`);
    },
    *figures(data) {
      const part = yield* partOf(data);
      const { rows, whole, prediction } = part;
      const width = prediction ? sizeOf(prediction.shape) / rows : 0;
      const arena = data === resident ? memory.batch : memory.rows;
      const chunk = data === resident ? rows : chunkRows;
      let mean = 0;
      let total = 0;
      for (let start = 0; start < rows; start += chunk) {
        const end = Math.min(rows, start + chunk);
        if (arena === memory.rows) {
          for (const name in columns) session.write(arena, name, sliceRows(whole[name]!, start, end).data);
        }
        yield* evaluateRows(arena, end - start);
        const w = weightOf({ weight: sliceRows(whole.weight, start, end) }, end - start);
        if (w > 0) {
          const [l] = yield* look(session, memory.evaluation, "loss");
          total += w;
          mean += (l! - mean) * (w / total);
        }
        if (prediction) {
          const values = yield* look(session, memory.evaluation, "prediction");
          prediction.data.set(values.subarray(0, (end - start) * width), start * width);
        }
        const rest = breath(performance.now());
        if (rest) yield rest;
      }
      const figures: Record<string, number> = { loss: total > 0 ? mean : Number.NaN };
      for (const [name, metric] of Object.entries(prediction ? (model.metrics ?? {}) : {})) {
        figures[name] = metric(prediction!, whole as never);
      }
      return figures as Figures;
    },
    *gradientNorm() {
      yield* run("gradient", () => {
        const value = loss.at(point, memory.batch, resident!.rows, false);
        const norm = globalNorm(gradients(value, Object.values(point)));
        return [{ arena: memory.evaluation, name: "gradientNorm", value: norm }];
      });
      return (yield* look(session, memory.evaluation, "gradientNorm"))[0]!;
    },
  };
}

interface Part {
  readonly rows: number;
  /** All rows; those without weights weigh 1. */
  readonly whole: Batch & { readonly weight: Data };
  /** Predictions for all rows, filled by each evaluation; where there are metrics. */
  readonly prediction: Data | undefined;
}

function newFloats(session: Session, length: number): Floats {
  return session.dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
}
