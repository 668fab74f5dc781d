/**
 * Lets one iterator set the pace of a loop: the loop shows each item and waits until the iterator asks for the
 * next. While nobody iterates, nothing waits.
 */
export interface Turnstile<T> {
  /** Whether there is an iterator. */
  visited(): boolean;
  /** Shows an item; where there is an iterator, the promise resolves when it is done with the item. */
  show(item: T): Promise<void> | undefined;
  /** No more items; with an error, the iterator throws it. */
  end(error?: { readonly error: unknown }): void;
  /** An iterator over the items from now on; `leave` is called when it is left early. */
  iterate(leave: () => PromiseLike<unknown>): AsyncIterator<T, undefined>;
}

interface Visitor<T> {
  /** Shown and not yet taken. */
  item?: { readonly value: T; readonly taken: () => void };
  /** Taken and still looked at: the loop waits. */
  release?: () => void;
  /** The iterator waits for an item. */
  hungry?: {
    readonly resolve: (result: IteratorResult<T, undefined>) => void;
    readonly reject: (error: unknown) => void;
  };
}

export function createTurnstile<T>(): Turnstile<T> {
  let visitor: Visitor<T> | undefined;
  let ended: { readonly error?: unknown } | undefined;
  const done = { done: true, value: undefined } as const;
  return {
    visited: () => visitor !== undefined,
    show(item) {
      const to = visitor;
      if (to === undefined) return undefined;
      return new Promise((resolve) => {
        if (to.hungry) {
          to.release = resolve;
          to.hungry.resolve({ done: false, value: item });
          delete to.hungry;
        } else {
          to.item = { value: item, taken: resolve };
        }
      });
    },
    end(failure) {
      ended = failure ?? {};
      if (failure) visitor?.hungry?.reject(failure.error);
      else visitor?.hungry?.resolve(done);
    },
    iterate(leave) {
      if (visitor) throw new Error("This run is being iterated already; one loop at a time sets its pace.");
      const self: Visitor<T> = {};
      visitor = self;
      return {
        next() {
          self.release?.();
          delete self.release;
          if (self.item) {
            const { value, taken } = self.item;
            delete self.item;
            self.release = taken;
            return Promise.resolve({ done: false, value });
          }
          if (ended) return "error" in ended ? Promise.reject(ended.error) : Promise.resolve(done);
          return new Promise((resolve, reject) => {
            self.hungry = { resolve, reject };
          });
        },
        async return() {
          visitor = undefined;
          const left = leave();
          self.item?.taken();
          self.release?.();
          await left;
          return done;
        },
      };
    },
  };
}
