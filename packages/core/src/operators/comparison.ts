import { elementwiseRow } from "./operator.js";

const none = () => [undefined, undefined];

/** Truth as a number: 1 or 0. Steps have no gradient. */
export const comparison = {
  lt: elementwiseRow<2>({ value: (a, b) => Number(a < b), derivative: none }),
  le: elementwiseRow<2>({ value: (a, b) => Number(a <= b), derivative: none }),
  gt: elementwiseRow<2>({ value: (a, b) => Number(a > b), derivative: none, lower: (a, b) => b.lt(a) }),
  ge: elementwiseRow<2>({ value: (a, b) => Number(a >= b), derivative: none, lower: (a, b) => b.le(a) }),
  eq: elementwiseRow<2>({ value: (a, b) => Number(a === b), derivative: none }),
  ne: elementwiseRow<2>({
    value: (a, b) => Number(a !== b),
    derivative: none,
    lower: (a, b) => a.eq(b).eq(0),
  }),
  where: elementwiseRow<3>({
    value: (c, yes, no) => (c !== 0 ? yes : no),
    derivative: (g, _, c) => [undefined, c.where(g, 0), c.where(0, g)],
  }),
  isFinite: elementwiseRow<1>({
    value: (a) => Number(Number.isFinite(a)),
    derivative: () => [undefined],
    // inf - inf and NaN - NaN are NaN, which equals nothing.
    lower: (a) => a.sub(a).eq(0),
  }),
};
