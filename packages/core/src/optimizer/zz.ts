import type { Tensor } from "../expr/tensor.js";
import { zeros, type Slot } from "./slot.js";
type Slots = Readonly<Record<string, Slot | undefined>>;
type Options = Readonly<Record<string, boolean | readonly string[]>>;
type Chosen<O extends Options> = {
  readonly [K in keyof O]: O[K] extends readonly string[] ? O[K][number] : boolean;
};
type Tensors<S> = { readonly [K in keyof S]: S[K] extends never ? never : Tensor };
type Ctx = { gradient: Tensor; parameter: Tensor };
declare function def<const S extends Slots = {}, const O extends Options = {}>(d: {
  options?: O;
  state?: S | ((p: { shape: readonly number[] }, o: Chosen<O>) => S);
  update: (c: Ctx & Tensors<NoInfer<S>>, h: {}, o: Chosen<NoInfer<O>>) => { step: Tensor } & Tensors<NoInfer<S>>;
}): S;
export const a = def({
  options: { amsgrad: false, compat: ["torch", "optax"] },
  state: (_, { amsgrad }) => ({ m: zeros, v: zeros, ...(amsgrad && { vMax: zeros }) }),
  update({ gradient: g, ...old }, _, { amsgrad, compat }) {
    const k: "torch" | "optax" = compat;
    const m = old.m.add(g), v = old.v.add(g);
    const x: Tensor | undefined = old.vMax;
    const vMax = old.vMax?.maximum(v);
    return { step: g, m, v, ...(vMax && { vMax }) };
  },
});
export const b = def({
  state: ({ shape }) => (shape.length > 1 ? { r: zeros, c: zeros } : { v: zeros }),
  update({ gradient: g, ...old }) {
    if (old.v) return { step: g, v: old.v };
    return { step: g, r: old.r, c: old.c };
  },
});
export const c = def({
  state: { m: zeros },
  update({ gradient: g, m }) {
    return { step: g, m };
  },
});
export const d = def({
  state: { m: zeros },
  // @ts-expect-error
  update({ gradient: g, m }) {
    return { step: g, mm: m };
  },
});
