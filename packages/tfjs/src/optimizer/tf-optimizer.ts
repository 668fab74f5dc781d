import {
  checkHyper,
  controllersOf,
  type Optimizer as DownhillOptimizer,
  didYouMean,
  type Hypers,
  type Setting,
  valueAt,
} from "@downhill/core";
import {
  clone,
  dispose,
  keep,
  type NamedTensorMap,
  Optimizer,
  type Scalar,
  scalar,
  serialization,
  type Tensor,
  type Variable,
} from "@tensorflow/tfjs-core";
import type { PathChoice } from "../update/update-path.js";
import { currentBackend } from "./backend.js";
import { type Config, describe, fromConfig, toConfig } from "./config.js";
import { applyConstraints, type ConstrainedModel } from "./constraints.js";
import { rebuild } from "./description.js";
import { findVariable, findVariables, type Gradients } from "./find-variables.js";
import { MethodRun } from "./method-run.js";
import { RuleRun } from "./rule-run.js";
import { sayOnce } from "./say-once.js";
import { fromWeights, type NamedTensor, type Saved, toWeights } from "./weights.js";

/** What an optimizer of tfjs needs to know besides the rule. */
export interface TfOptimizerOptions {
  /** A Layers model whose constraints are kept after each update, which tfjs itself never does. */
  readonly model?: ConstrainedModel;
  /** Of the noise, for rules that draw some. Default 0. */
  readonly seed?: number;
}

/**
 * A Downhill optimizer as a `tf.Optimizer`: for `model.compile({ optimizer })`, `minimize`, `applyGradients`. A rule
 * runs fused on the backend in use where that has a path of ours, else by plain ops of tfjs; `fallback` tells which. A
 * method, which evaluates where it wants, works through `minimize` on backends that can read values back in place.
 *
 * Variables are float32 and known by name. Throws, changing nothing, when one has been disposed of, has another dtype,
 * or another shape than in the steps before.
 */
export function tfOptimizer<H>(
  optimizer: DownhillOptimizer<H>,
  options: TfOptimizerOptions = {},
): TfOptimizer<H> {
  return new TfOptimizer(optimizer, options);
}

/** What `tfOptimizer` makes. */
export class TfOptimizer<H = {}> extends Optimizer {
  /** @nocollapse */
  static get className(): string {
    return "DownhillOptimizer";
  }

  /** Current hyper-parameters; set one to change it from the next step on. */
  readonly hyper: { -readonly [K in keyof H]: number };
  readonly #optimizer: DownhillOptimizer<H>;
  readonly #seed: number;
  readonly #model: ConstrainedModel | undefined;
  readonly #settings: Record<string, Setting>;
  readonly #run: RuleRun | MethodRun;
  /** Hyper-parameters set to numbers, for saves. */
  readonly #changed: Record<string, number> = {};
  /** Tensors made for the last save. */
  #saved: Tensor[] = [];
  #isDisposed = false;

  constructor(optimizer: DownhillOptimizer<H>, { model, seed = 0 }: TfOptimizerOptions = {}) {
    super();
    this.#optimizer = optimizer;
    this.#seed = seed;
    this.#model = model;
    const settings = { ...(optimizer.settings as Record<string, Setting>) };
    this.#settings = settings;
    this.#run =
      optimizer.kind === "rule"
        ? new RuleRun(optimizer, settings, seed, (why) =>
            sayOnce(`tfOptimizer: plain ops of TensorFlow.js make the updates: ${why}.`),
          )
        : new MethodRun(optimizer, settings);
    const hyper = {};
    for (const name of Object.keys(optimizer.hyper as Hypers)) {
      Object.defineProperty(hyper, name, {
        enumerable: true,
        get: () => valueAt(settings[name]!, this.#run.t),
        set: (value: number) => this.set(name as keyof H & string, value),
      });
    }
    this.hyper = Object.preventExtensions(hyper) as TfOptimizer<H>["hyper"];
  }

  /** Sets a hyper-parameter to a number or a schedule, from the next step on. Schedules count all steps made. */
  set(name: keyof H & string, setting: Setting): void {
    const { name: owner, hyper } = this.#optimizer;
    const schemas = hyper as Hypers;
    const names = Object.keys(schemas);
    if (!names.includes(name)) {
      throw new Error(
        `${owner}: unknown hyper-parameter "${name}".${didYouMean(name, names)} It has ${names.join(", ")}.`,
      );
    }
    if (typeof setting === "number") {
      checkHyper(owner, name, schemas[name]!, setting);
      this.#changed[name] = setting;
    } else delete this.#changed[name];
    this.#settings[name] = setting;
    if (this.#run instanceof RuleRun) this.#run.set(name, setting);
  }

  /** The learning rate, where tfjs's own optimizers have it too. */
  get learningRate(): number {
    return (this.hyper as Record<string, number>).learningRate!;
  }

  set learningRate(value: number) {
    this.set("learningRate" as keyof H & string, value);
  }

  /** Steps made. */
  override get iterations(): number {
    return this.#run.t;
  }

  /** For each variable updated so far, the path that it takes and why. Empty for a method, which works on the host. */
  get fallback(): Readonly<Record<string, PathChoice>> {
    return this.#run instanceof RuleRun ? this.#run.report : {};
  }

  /** Why the last step of a method went nowhere, if it said so. */
  get stalled(): string | undefined {
    return this.#run instanceof MethodRun ? this.#run.stalled : undefined;
  }

  override minimize(f: () => Scalar, returnCost = false, varList?: Variable[]): Scalar | null {
    this.#checkAlive();
    const cost =
      this.#run instanceof MethodRun ? this.#evaluate(this.#run, f, varList) : this.#descend(f, varList);
    if (returnCost) return cost;
    cost.dispose();
    return null;
  }

  /** Updates with gradients of one's own. A variable without one keeps its value, its state and its own count of steps. */
  override applyGradients(gradients: Gradients): void {
    this.#update(gradients);
  }

  #descend(f: () => Scalar, varList: Variable[] | undefined): Scalar {
    const { value, grads } = this.computeGradients(f, varList);
    try {
      this.#update(grads, value);
      return value;
    } catch (error) {
      value.dispose();
      throw error;
    } finally {
      dispose(grads);
    }
  }

  #evaluate(run: MethodRun, f: () => Scalar, varList: Variable[] | undefined): Scalar {
    const value = run.minimize(f, varList, (g, list) => this.computeGradients(g, list));
    this.#constrain(new Set(run.variables));
    return scalar(value);
  }

  #update(gradients: Gradients, value?: Scalar): void {
    this.#checkAlive();
    const { name } = this.#optimizer;
    if (this.#run instanceof MethodRun) {
      throw new Error(
        `${name}: it asks for evaluations, which applyGradients cannot give. Call minimize(f) instead.`,
      );
    }
    currentBackend(name);
    const pairs = findVariables(name, gradients);
    this.#run.step(pairs, value);
    this.#constrain(pairs);
  }

  #constrain(updated: { has(variable: string): boolean }): void {
    if (this.#model) applyConstraints(this.#model, (name) => updated.has(name));
  }

  /**
   * The points to evaluate and to keep, by variable: those of the rule's view where it trains others (Schedule-Free,
   * averages), else the variables' own. New tensors, which are the caller's to dispose of.
   */
  view(): NamedTensorMap {
    this.#checkAlive();
    const view = this.#run instanceof RuleRun ? this.#run.view() : undefined;
    const own = (name: string) => [name, clone(findVariable(this.#optimizer.name, name))];
    return view ?? Object.fromEntries(this.#run.variables.map(own));
  }

  /** Runs `f`, such as `() => model.evaluate(x, y)`, while the variables hold the view; waits for it if it is a promise. */
  async atView<T>(f: () => T | Promise<T>): Promise<T> {
    const view = this.view();
    const variables = Object.keys(view).map((name) => findVariable(this.#optimizer.name, name));
    const trained = variables.map((variable) => clone(variable));
    try {
      for (const variable of variables) variable.assign(view[variable.name]!);
      return await f();
    } finally {
      variables.forEach((variable, i) => variable.assign(trained[i]!));
      dispose([view, trained]);
    }
  }

  /**
   * All that the next step depends on besides the variables, for `model.save(…, { includeOptimizer: true })`. The
   * tensors stay the optimizer's, and hold until the next step, save or `dispose`.
   */
  override async getWeights(): Promise<NamedTensor[]> {
    this.#checkAlive();
    const run = this.#run;
    const settings = Object.entries(this.#settings).map(([name, setting]) => [
      name,
      controllersOf(setting).map((controller) => controller.save()),
    ]);
    const saved: Saved = {
      optimizer: this.#optimizer.name,
      hyper: this.#changed,
      controllers: Object.fromEntries(settings.filter(([, states]) => states!.length > 0)),
      ...(run instanceof RuleRun ? { rule: run.save() } : { method: run.save() }),
    };
    const weights = toWeights(saved);
    dispose(this.#saved);
    const states = new Set<Tensor>(saved.rule?.slots.map(({ tensor }) => tensor));
    this.#saved = weights.flatMap(({ tensor }) => (states.has(tensor) ? [] : [keep(tensor)]));
    return weights;
  }

  /**
   * Goes on from what `getWeights` gave, of this or another run of the same optimizer; throws, and changes nothing, if it
   * does not fit. Hyper-parameters that were not set while training stay as they are here.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    this.#checkAlive();
    const { name } = this.#optimizer;
    const { hyper, controllers, rule, method } = await fromWeights(name, weights);
    if (this.#run instanceof RuleRun) this.#run.load(rule!);
    else this.#run.load(method!);
    for (const [key, value] of Object.entries(hyper)) this.set(key as keyof H & string, value);
    for (const [key, states] of Object.entries(controllers)) {
      const own = controllersOf(this.#settings[key] ?? 0);
      own.forEach((controller, i) => controller.load(states[i] as Parameters<typeof controller.load>[0]));
    }
  }

  override getConfig(): serialization.ConfigDict {
    const description = describe(this.#optimizer, this.#settings);
    return toConfig({ ...description, seed: this.#seed } satisfies Config);
  }

  /** @nocollapse */
  static override fromConfig<T extends serialization.Serializable>(
    cls: serialization.SerializableConstructor<T>,
    config: serialization.ConfigDict,
  ): T {
    const { seed, ...description } = fromConfig(config);
    const make = cls as unknown as new (...given: ConstructorParameters<typeof TfOptimizer>) => T;
    return new make(rebuild(description), { seed });
  }

  /** Frees the state. The optimizer is of no use afterwards. */
  override dispose(): void {
    if (this.#run instanceof RuleRun) this.#run.dispose();
    dispose(this.#saved);
    this.#saved = [];
    this.#isDisposed = true;
  }

  #checkAlive(): void {
    if (!this.#isDisposed) return;
    throw new Error(
      `${this.#optimizer.name}: this optimizer was disposed of. Make another with tfOptimizer(…).`,
    );
  }
}

serialization.registerClass(TfOptimizer as unknown as serialization.SerializableConstructor<TfOptimizer>);
