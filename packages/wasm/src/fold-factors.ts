import type { HostValue, Instruction, LoopStep, Plan, Segment } from "@downhill/core/engine";

/** Numbers of which the product of two is a float32 with all its digits, whatever their signs. */
const within = (x: number) => Math.abs(x) > 2 ** -100 && Math.abs(x) < 2 ** 100;

/**
 * In float32, a product with two numbers that the host knows becomes a product with theirs, which the host computes in
 * float64: a multiplication less for each element, and one rounding less.
 */
export function foldFactors(plan: Plan): Plan {
  if (plan.dtype === "float64") return plan;
  const host = [...plan.host];
  const steps = plan.steps.map((step) => (step.kind === "loops" ? foldStep(step, host) : step));
  return { ...plan, host, steps };
}

function foldStep(step: LoopStep, host: HostValue[]): LoopStep {
  const body = step.segments.flatMap((segment) => segment.body);
  const uses = body.map(() => 0);
  for (const x of body) if ("inputs" in x) for (const input of x.inputs) uses[input]!++;
  for (const { stores, totals } of step.segments)
    for (const { value } of [...stores, ...totals]) uses[value]!++;

  /** Its place among the host's values, where it is one or a constant. */
  const factor = (i: number): Instruction | undefined => {
    const x = body[i]!;
    return x.op === "host" || x.op === "constant" ? x : undefined;
  };
  const product = (a: Instruction, b: Instruction): Instruction | undefined => {
    if (a.op === "constant" && b.op === "constant") {
      const value = a.value * b.value;
      return [a.value, b.value, value].every(within) ? { op: "constant", value } : undefined;
    }
    const [x, y] = [a, b].map((known) => {
      if (known.op === "host") return known.index;
      return host.push({ op: "constant", value: (known as { value: number }).value }) - 1;
    });
    return { op: "host", index: host.push({ op: "mul", inputs: [x!, y!] }) - 1 };
  };
  /** x·b as that x and b, b being known. */
  const asProduct = (i: number): { x: number; b: Instruction } | undefined => {
    const made = body[i]!;
    if (made.op !== "mul" || uses[i] !== 1) return undefined;
    const [p, q] = made.inputs as [number, number];
    const b = factor(q) ?? factor(p);
    return b && !(factor(p) && factor(q)) ? { x: factor(q) ? p : q, b } : undefined;
  };
  body.forEach((made, i) => {
    if (made.op !== "mul") return;
    const [p, q] = made.inputs as [number, number];
    const a = factor(q) ?? factor(p);
    const inner = a && asProduct(factor(q) ? p : q);
    const both = inner && product(a, inner.b);
    if (!both) return;
    const at = factor(q) ? p : q;
    // The product of the two stands where the inner product was.
    body[at] = both;
    body[i] = { op: "mul", inputs: [inner.x, at] };
  });
  let first = 0;
  const segments = step.segments.map((segment): Segment => {
    first += segment.body.length;
    return { ...segment, body: body.slice(first - segment.body.length, first) };
  });
  return { ...step, segments };
}
