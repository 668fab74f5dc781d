import { type Engine, js, reference } from "@downhill/core";

/** All engines by name, with a line on each. */
export const engines: Readonly<
  Record<string, { readonly make: () => Engine<"sync">; readonly about: string }>
> = {
  js: { make: js, about: "One generated JavaScript function for each program: the default." },
  reference: {
    make: reference,
    about: "An interpreter, operator by operator: slow and plain, what others are held to.",
  },
};
