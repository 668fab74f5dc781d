import { fromNum, type StepEvent } from "@downhill/core/train";

/** Steps without probes that are not in their record yet: many at once take a fraction of the time of each by itself. */
export interface StepBatch {
  count: number;
  readonly step: number[];
  readonly epoch: number[];
  readonly timeMs: Float64Array;
  readonly value: Float64Array;
  readonly evaluations: (number | undefined)[];
  readonly hyper: StepEvent["hyper"][];
}

const most = 64;

export function createBatch(): StepBatch {
  return {
    count: 0,
    step: [],
    epoch: [],
    timeMs: new Float64Array(most),
    value: new Float64Array(most),
    evaluations: [],
    hyper: [],
  };
}

/** Copies a step's numbers, so that its event need not outlive it; says whether the batch is full. */
export function gather(
  batch: StepBatch,
  { step, epoch, timeMs, value, evaluations, hyper }: StepEvent,
): boolean {
  const i = batch.count++;
  batch.step[i] = step;
  batch.epoch[i] = epoch;
  batch.timeMs[i] = timeMs;
  batch.value[i] = fromNum(value);
  batch.evaluations[i] = evaluations;
  batch.hyper[i] = hyper;
  return batch.count === most;
}
