import type { Prepared } from "../participant.js";
import type { Compiled } from "./kernel-case.js";

/** Runs by which a step's usual time is known. */
const WARM_RUNS = 300;
/** As fast as that when so many runs in a row take no longer than so many times it. */
const IN_A_ROW = 3;
const SLACK = 1.25;
/** Whoever is not by then is slow for another reason. */
const MOST_RUNS = 500;

/**
 * From a loss function to a step at full speed: tracing, gradients, planning, code, memory, and the runs that take longer
 * than later ones because the runtime has not optimized the code yet. `make` compiles another program each time, for a
 * runtime may know the last one's code.
 */
export function compileCase(make: (variant: number) => Compiled): Prepared {
  const timeOf = ({ step }: Compiled) => {
    const begin = performance.now();
    step();
    return performance.now() - begin;
  };
  const known = make(0);
  const times = Array.from({ length: WARM_RUNS }, () => timeOf(known)).slice(-WARM_RUNS / 3);
  const usual = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  known.session.dispose();
  let variant = 0;
  return {
    run() {
      const compiled = make(++variant);
      let fast = 0;
      for (let i = 0; fast < IN_A_ROW && i < MOST_RUNS; i++)
        fast = timeOf(compiled) <= SLACK * usual ? fast + 1 : 0;
      compiled.session.dispose();
    },
  };
}
