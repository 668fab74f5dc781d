import { type Data, type Rule, type Saved, type Setting, valueAt } from "@downhill/core";
import type { Json } from "@downhill/core/train";
import { writeTorchFile } from "./torch-file.js";
import { type TorchOptimizer, torchOptimizerOf } from "./torch-optimizers.js";
import { type TorchOptions, transposed, transposedNames } from "./transpose.js";

/** How PyTorch is to compute, which changes no number that matters: its own choice. */
const workings = { foreach: null, capturable: false, differentiable: false, fused: null };

/**
 * The file of which `import_state` of `tools/torch_state.py` takes parameters, optimizer state and hyper-parameters, so
 * that a run begun here goes on in PyTorch: `toTorch(stepper.save(), rule)`. Hyper-parameters are the rule's settings
 * for its next update, in one group of all parameters. Rules, names and `transpose` are as in `fromTorch`.
 *
 * Throws for a rule that PyTorch does not have, and for state that another optimizer saved.
 */
export function toTorch(saved: Saved, rule: Rule<any>, options: TorchOptions = {}): Uint8Array {
  const torch = torchOptimizerOf("toTorch", rule);
  if (saved.optimizer !== rule.name) {
    throw new Error(
      `toTorch: the saved state is of optimizer "${saved.optimizer}", the rule is ${rule.name}.`,
    );
  }
  const turned = transposedNames("toTorch", saved.parameters, options);
  const there = (name: string, data: Data) => (turned.has(name) ? transposed(data) : data);
  const parameters: Record<string, Data> = {};
  const state: Record<string, Record<string, Data>> = {};
  for (const [name, parameter] of Object.entries(saved.parameters)) {
    parameters[name] = there(name, parameter);
    const updates = saved.t - (saved.missed[name] ?? 0);
    // A buffer of SGD begins with the first gradient; all else is counted.
    if (!torch.counts && updates === 0) continue;
    const number = (value: number): Data => ({
      data: parameter.data instanceof Float64Array ? Float64Array.of(value) : Float32Array.of(value),
      shape: [],
    });
    const slots: Record<string, Data> = torch.counts ? { step: number(updates) } : {};
    for (const [slot, { name: torchName, needs }] of Object.entries(torch.slots)) {
      if (needs !== undefined && rule.settings[needs] === 0) continue;
      const onHost = saved.host[`${slot}.${name}`];
      const data = saved.state[`state.${slot}`]?.[name];
      if (onHost !== undefined) slots[torchName] = number(onHost);
      else if (data !== undefined) slots[torchName] = there(name, data);
    }
    state[name] = slots;
  }
  const group = { ...groupOf(torch, rule, saved), params: Object.keys(parameters) };
  return writeTorchFile({ optimizer: torch.kind, groups: [group], parameters, state });
}

/** PyTorch's fields of a parameter group, for the update after those saved. */
function groupOf(
  { fields, fixed }: TorchOptimizer,
  rule: Rule<any>,
  { t, hyper }: Saved,
): Record<string, Json> {
  const valueOf = (name: string) =>
    name in rule.options
      ? rule.options[name]!
      : (hyper?.[name] ?? valueAt(rule.settings[name] as Setting, t));
  const own = Object.entries(fields).map(([field, name]): [string, Json] => [
    field,
    typeof name === "string" ? valueOf(name) : name.map(valueOf),
  ]);
  return { ...Object.fromEntries(own), ...fixed, ...workings };
}
