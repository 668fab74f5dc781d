import { expect, it } from "vitest";
import { checkEngine } from "./check-engine.js";
import { js } from "./js/index.js";
import { reference } from "./reference.js";

it("takes engines", () => {
  for (const engine of [js(), reference()]) expect(() => checkEngine("train", engine)).not.toThrow();
});

it.each([
  [js, "train: engine is a function; did you mean js()?"],
  [() => js(), "train: engine is a function; expected an engine, such as js()."],
  ["js", 'train: engine is "js"; expected an engine, such as js().'],
  [null, "train: engine is null; expected an engine, such as js()."],
  [{ name: "js" }, "train: engine is an object; expected an engine, such as js()."],
])("says what is wrong with %o", (x, message) => {
  expect(() => checkEngine("train", x)).toThrow(new TypeError(message));
});
