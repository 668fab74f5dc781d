/** All parameters side by side, in float64 on the host. */
export interface Vector {
  readonly length: number;
  readonly data: Float64Array;
  dot(other: Vector): number;
  /** Euclidean length. */
  norm(): number;
  /** Adds a·x to this vector, in place; returns it. */
  axpy(a: number, x: Vector): Vector;
  /** Multiplies by a, in place; returns it. */
  scale(a: number): Vector;
  clone(): Vector;
}

/** The objective at a point. */
export interface Point {
  readonly value: number;
  readonly gradient: Vector;
}

/** A request for an evaluation. */
export type Ask =
  | { readonly want: "value"; readonly at: Vector }
  | { readonly want: "gradient"; readonly at: Vector }
  | { readonly want: "hvp"; readonly at: Vector; readonly along: Vector };

/** Work that asks for evaluations and gets their answers: what a method's step is. */
// What comes back depends on what was asked; `ask` gives it its type.
export type Asking<T> = Generator<Ask, T, any>;

/** Requests that a method makes with `yield*`: `const f = yield* ask.value(y)`. */
export const ask = {
  /** The objective's value. */
  *value(at: Vector): Asking<number> {
    return yield { want: "value", at };
  },
  /** Value and gradient together. */
  *gradient(at: Vector): Asking<Point> {
    return yield { want: "gradient", at };
  },
  /** The Hessian at a point times a vector. */
  *hvp(at: Vector, along: Vector): Asking<Vector> {
    return yield { want: "hvp", at, along };
  },
};

/** A vector over `data`, which is kept, not copied. */
export function vector(data: Float64Array): Vector {
  const self: Vector = {
    length: data.length,
    data,
    dot(other) {
      let sum = 0;
      for (let i = 0; i < data.length; i++) sum += data[i]! * other.data[i]!;
      return sum;
    },
    norm: () => Math.sqrt(self.dot(self)),
    axpy(a, x) {
      for (let i = 0; i < data.length; i++) data[i]! += a * x.data[i]!;
      return self;
    },
    scale(a) {
      for (let i = 0; i < data.length; i++) data[i]! *= a;
      return self;
    },
    clone: () => vector(data.slice()),
  };
  return self;
}
