import { arenas } from "@downhill/core/engine";
import { type Optimizer, scalar, type Tensor, tensor, tidy } from "@tensorflow/tfjs-core";
import type { MethodState } from "./method-run.js";
import { fromJson, packState, toJson, unpackState } from "./plain-arrays.js";
import type { RuleState } from "./rule-run.js";

export type NamedTensor = Awaited<ReturnType<Optimizer["getWeights"]>>[number];

/** What a saved optimizer consists of. */
export interface Saved {
  /** The optimizer's name. */
  readonly optimizer: string;
  /** Hyper-parameters that were set to numbers while training. */
  readonly hyper: Readonly<Record<string, number>>;
  /** State of schedules that have one, by hyper-parameter. */
  readonly controllers: Readonly<Record<string, readonly unknown[]>>;
  readonly rule?: RuleState;
  readonly method?: MethodState;
}

/** The name of the tensor, a text, that says what the others are. */
const INDEX = "downhill";
const stateName = (arena: string, name: string) =>
  arena === arenas.run ? `${INDEX}/${name}` : `${name}/${arena.replace(/^state\./, "")}`;
const arrayName = (i: number) => `${INDEX}/array${i}`;

/**
 * The weights of an optimizer as tfjs saves them: the count of steps, an index as JSON, then a tensor for each state,
 * called `variable/state`. Numbers of 64 bits are in the index, or as two words of 32 each. The first two tensors, and
 * those of a method, are new; the others are the optimizer's own.
 */
export function toWeights(saved: Saved): NamedTensor[] {
  const { rule, method, ...head } = saved;
  const steps = rule?.t ?? method!.t;
  const iter = { name: "iter", tensor: scalar(steps, "int32") };
  if (rule) {
    const { slots, ...rest } = rule;
    const index = { ...head, rule: { ...rest, slots: slots.map(({ arena, name }) => [arena, name]) } };
    const states = slots.map(({ arena, name, tensor }) => ({ name: stateName(arena, name), tensor }));
    return [iter, { name: INDEX, tensor: text(index) }, ...states];
  }
  const { x, state, ...rest } = method!;
  const { json, arrays } = packState(saved.optimizer, { x, state });
  const dtypes = arrays.map((array) => (array instanceof Float64Array ? "float64" : "float32"));
  const tensors = arrays.map((array, i) => ({ name: arrayName(i), tensor: words(array) }));
  return [iter, { name: INDEX, tensor: text({ ...head, method: { ...rest, json, dtypes } }) }, ...tensors];
}

/** What was saved. Throws, naming the first weight that does not belong, when another optimizer saved it. */
export async function fromWeights(owner: string, weights: readonly NamedTensor[]): Promise<Saved> {
  const [, index, ...rest] = weights;
  if (index?.name !== INDEX) {
    const strange = weights.find(({ name }) => name !== "iter")?.name ?? "iter";
    throw new Error(
      `${owner}: the weights loaded, "${strange}" among them, were saved by another optimizer of TensorFlow.js, whose ` +
        "state means something else. Compile the model with tfOptimizer(…) after loading it, so that its state begins anew. " +
        "The model's weights are as they were.",
    );
  }
  const [json] = (await index.tensor.data<"string">()) as unknown as [string];
  const { rule, method, ...head } = fromJson(json);
  if (head.optimizer !== owner) {
    throw new Error(
      `${owner}: the weights loaded were saved by the optimizer "${head.optimizer}". Compile the model with that one, ` +
        "or do not load its state. The model's weights are as they were.",
    );
  }
  const byName = new Map(rest.map(({ name, tensor }) => [name, tensor]));
  const find = (name: string): Tensor => {
    const found = byName.get(name);
    if (found) return found;
    throw new Error(
      `${owner}: the weights loaded have no "${name}", which their index speaks of. Nothing was changed.`,
    );
  };
  if (rule) {
    const slots = (rule.slots as readonly [string, string][]).map(([arena, name]) => ({
      arena,
      name,
      tensor: find(stateName(arena, name)),
    }));
    return { ...head, rule: { ...rule, slots } };
  }
  const { json: state, dtypes, ...known } = method;
  const arrays = await Promise.all(
    (dtypes as string[]).map(async (dtype, i) => {
      const { buffer } = (await find(arrayName(i)).data<"int32">()).slice();
      return dtype === "float64" ? new Float64Array(buffer) : new Float32Array(buffer);
    }),
  );
  return { ...head, method: { ...known, ...(unpackState({ json: state, arrays }) as object) } };
}

const text = (index: object): Tensor => tensor([toJson(index)], [], "string");

/** The bits of an array, as whole numbers of 32 bits. */
function words(array: Float64Array | Float32Array): Tensor {
  const bits = new Int32Array(array.slice().buffer);
  return tidy(() => tensor(bits, [bits.length], "int32"));
}
