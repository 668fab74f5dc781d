import type { Point } from "@downhill/core";

/** Why a search cannot begin at a point, where its value or its gradient is not finite; undefined where it can. */
export function notFinite({ value, gradient }: Point): string | undefined {
  const slope = gradient.dot(gradient);
  if (Number.isFinite(value) && Number.isFinite(slope)) return undefined;
  return `The value is ${value} and the squared norm of the gradient ${slope}; a step needs both to be finite.`;
}
