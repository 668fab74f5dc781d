import { defineSchedule } from "./define.js";

/** The same value at every step: what `then` and `times` join others to. */
export const constant = defineSchedule({
  name: "constant",
  source: "",
  arguments: {},
  at: (_, { value }) => value,
});
