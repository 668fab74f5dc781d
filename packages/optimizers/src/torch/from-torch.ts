import { bind, type Data, formatShape, type Rule, type Saved } from "@downhill/core";
import { readTorchFile, type TorchFile } from "./torch-file.js";
import { type TorchOptimizer, torchOptimizerOf } from "./torch-optimizers.js";
import { type TorchOptions, transposed, transposedNames } from "./transpose.js";

/**
 * Reads parameters and optimizer state that `export_state` of `tools/torch_state.py` wrote in Python, so that the run
 * goes on here: `bind(rule, parameters).load(fromTorch(bytes, rule))`. Parameters have the names given in Python.
 *
 * `rule` is sgd, adam, adamw, rmsprop, adagrad, adadelta, adamax, nadam, nadamw, radam or rprop. Its options must be
 * the file's; its hyper-parameters are its own, whatever the file says. Matrices keep PyTorch's layout unless
 * `transpose` names them. PyTorch's SGD does not count its updates, so its t is 1 after any number of them; for a
 * schedule to go on, set it: `{ ...fromTorch(bytes, rule), t: 20 }`.
 *
 * Throws for a file of another optimizer or of something else, for options that differ, and for state that is missing,
 * unknown or of another shape.
 *
 * `tools/optax_state.py` writes and reads the same files for optax's adam, adamw and adamax.
 */
export function fromTorch(bytes: Uint8Array, rule: Rule<any>, options: TorchOptions = {}): Saved {
  const torch = torchOptimizerOf("fromTorch", rule);
  const file = readTorchFile(bytes);
  if (file.optimizer !== torch.kind) {
    throw new Error(
      `fromTorch: the file has the state of ${file.optimizer}, and ${rule.name} is PyTorch's ${torch.kind}.`,
    );
  }
  for (const group of file.groups) checkGroup(group, torch, rule);

  const turned = transposedNames("fromTorch", file.parameters, options);
  const here = (name: string, data: Data) => (turned.has(name) ? transposed(data) : data);
  const parameters = mapEntries(file.parameters, here);
  const stepper = bind(rule, parameters);
  const start = stepper.save();
  stepper.dispose();

  const updates = mapEntries(parameters, (name) => updatesOf(name, file.state[name], torch));
  const t = Math.max(...Object.values(updates));
  const missed = mapEntries(updates, (_, made) => t - made);
  const state = structuredClone(start.state) as Record<string, Record<string, Data>>;
  const host = { ...start.host };
  for (const [name, slots] of Object.entries(file.state)) {
    checkSlots(name, slots, torch);
    for (const [slot, { name: torchName, needs }] of Object.entries(torch.slots)) {
      const key = `${slot}.${name}`;
      const first = state[`state.${slot}`]?.[name];
      if (first === undefined && !(key in host)) continue;
      const found = slots[torchName];
      if (found === undefined) {
        if (needs !== undefined && rule.settings[needs] === 0) continue;
        throw new Error(
          `fromTorch: the file has no ${torchName} of "${name}", the state "${slot}" of ${rule.name}` +
            `${needs === undefined ? "" : `; was ${needs} 0 in Python?`}`,
        );
      }
      checkShape(name, torchName, found, first ? file.parameters[name]!.shape : []);
      if (first) state[`state.${slot}`]![name] = here(name, found);
      else host[key] = found.data[0]!;
    }
  }
  return { optimizer: rule.name, t, parameters, state, host, missed };
}

/** Throws where a group says that PyTorch computed something else than the rule does. */
function checkGroup(group: TorchFile["groups"][number], torch: TorchOptimizer, rule: Rule<any>): void {
  const own = Object.entries(torch.fields).filter(
    ([, name]) => typeof name === "string" && name in rule.options,
  );
  const expected = {
    ...torch.fixed,
    ...Object.fromEntries(own.map(([key, name]) => [key, rule.options[name as string]])),
  };
  for (const [field, value] of Object.entries(expected)) {
    if ((group[field] ?? false) === value) continue;
    const remedy =
      field in torch.fixed
        ? "which this rule cannot do"
        : `and the rule has ${torch.fields[field]}: ${value}`;
    throw new Error(
      `fromTorch: the file's ${torch.kind} has ${field}: ${JSON.stringify(group[field])}, ${remedy}.`,
    );
  }
}

function checkSlots(name: string, slots: Readonly<Record<string, Data>>, torch: TorchOptimizer): void {
  const known = Object.values(torch.slots).map((slot) => slot.name);
  if (torch.counts) known.push("step");
  const unknown = Object.keys(slots).filter((slot) => !known.includes(slot));
  if (unknown.length === 0) return;
  throw new Error(
    `fromTorch: the file has ${unknown.join(", ")} of "${name}"; the state of ${torch.kind} is ${known.join(", ")}.`,
  );
}

function checkShape(name: string, slot: string, { shape }: Data, expected: readonly number[]): void {
  const [found, wanted] = [formatShape(shape), formatShape(expected)];
  if (found !== wanted)
    throw new Error(`fromTorch: ${slot} of "${name}" has shape ${found}, expected ${wanted}.`);
}

/** Updates that PyTorch made of a parameter: those without a gradient have no state. */
function updatesOf(
  name: string,
  slots: TorchFile["state"][string] | undefined,
  torch: TorchOptimizer,
): number {
  if (slots === undefined) return 0;
  if (!torch.counts) return 1;
  const step = slots.step?.data[0];
  if (slots.step?.data.length === 1 && Number.isSafeInteger(step) && step! >= 0) return step!;
  throw new Error(`fromTorch: the step of "${name}" is ${step}; expected a whole number from 0.`);
}

function mapEntries<A, B>(
  record: Readonly<Record<string, A>>,
  map: (name: string, value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(name, value)]));
}
