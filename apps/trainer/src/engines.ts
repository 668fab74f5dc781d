import { type Engine, js, light, reference } from "@downhill/core";

/** All engines by name, with a line on each. */
export const engines: Readonly<
  Record<string, { readonly make: () => Engine<"sync">; readonly about: string }>
> = {
  js: {
    make: js,
    about: "One generated JavaScript function for each program, fused and planned: the default of train.",
  },
  light: {
    make: light,
    about:
      "The same without a planner, quick to load and to compile, for small problems: the default of minimize.",
  },
  reference: {
    make: reference,
    about: "An interpreter, operator by operator: slow and plain, what others are held to.",
  },
};
