import { applyChange, copy, count, defineWrapper, oneMinus, where } from "@downhill/core";
import { isMultiple } from "./parts.js";

/**
 * Lookahead: every k updates of the rule, slow weights go a part of the way to where it came, and it goes on from
 * there: `lookahead(adam(), { every: 6, alpha: 0.5 })`.
 *
 *     where k divides t:  s ← s + α (p - s),  p ← s
 *
 * The slow weights start at the parameters' start and are the view: what to evaluate. The rule's own state goes on.
 *
 * Zhang, Lucas, Hinton, Ba, "Lookahead optimizer: k steps forward, 1 step back", NeurIPS 2019, algorithm 1.
 */
export const lookahead = defineWrapper({
  name: "lookahead",
  paper: "https://arxiv.org/abs/1907.08610",
  hyper: { alpha: { default: 0.5, min: 0, max: 1, about: "Part of the way that the slow weights go." } },
  options: { every: count(6, "Updates of the rule between two of the slow weights, k.") },
  state: { slow: copy },
  update({ parameter: p, t, slow, inner }, { alpha }, { every }) {
    const { state, ...change } = inner();
    const fast = applyChange(p, change);
    const due = isMultiple(t, every);
    const next = where(due, oneMinus(alpha).mul(slow).add(alpha.mul(fast)), slow);
    return { parameter: where(due, next, fast), state, slow: next };
  },
  view: ({ slow }) => slow,
});
