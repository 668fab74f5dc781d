import { applyChange, copy, count, defineWrapper, where } from "@downhill/core";
import { isMultiple } from "./parts.js";

/**
 * Stochastic weight averaging: trains as the rule does and offers the plain mean of its points after the updates
 * start, start + every, … as the view, what to evaluate: `swa(sgd(), { start: 1000, every: 100 })`. Before `start` the
 * view is the parameters themselves.
 *
 *     n-th point:  a ← a + (p - a) / n
 *
 * Izmailov et al., "Averaging weights leads to wider optima and better generalization", UAI 2018, algorithm 1; as
 * PyTorch's `AveragedModel`.
 */
export const swa = defineWrapper({
  name: "swa",
  paper: "https://arxiv.org/abs/1803.05407",
  options: {
    start: count(1, "Update after which the first point is taken."),
    every: count(1, "Updates between two points."),
  },
  state: { average: copy },
  update({ parameter: p, t, average: a, inner }, _, { start, every }) {
    const { state, ...change } = inner();
    const next = applyChange(p, change);
    const since = t.sub(start);
    const n = since.div(every).add(1).maximum(1);
    const due = since.lt(0).maximum(isMultiple(since, every));
    return { parameter: next, state, average: where(due, a.add(next.sub(a).div(n)), a) };
  },
  view: ({ average }) => average,
});
