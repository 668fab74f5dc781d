import { type DType, js, type Kernel, type Layout, type Program, type Session } from "@downhill/core";

/** A program that js runs, on its own memory: all arenas go there before a run and come back after it. */
export function standIn(
  program: Program,
  layout: Layout,
  dtype: DType,
  view: Session<"sync">["view"],
): Kernel<"sync"> {
  const session = js().open(layout, dtype);
  const kernel = session.load(program);
  const arenas = Object.keys(layout);
  return {
    run(given) {
      for (const arena of arenas) session.view(arena).set(view(arena));
      kernel.run(given);
      for (const arena of arenas) view(arena).set(session.view(arena));
    },
  };
}
