import { expect, it } from "vitest";
import { chain } from "./chain.js";
import { checkOptimizer } from "./check-optimizer.js";
import { adam, backtracking, clipNorm, heavyBall } from "./test-rules.js";

it("takes rules, chains and methods", () => {
  for (const optimizer of [adam(), chain(clipNorm(), adam()), backtracking()])
    expect(() => checkOptimizer("train", optimizer)).not.toThrow();
});

it.each([
  [undefined, "train: there is no optimizer; set one, such as adam()."],
  [adam, "train: optimizer is a function; did you mean adam()?"],
  [heavyBall, "train: optimizer is a function; did you mean heavyBall()?"],
  [chain, "train: optimizer is a function; expected an optimizer, such as adam()."],
  [
    clipNorm(),
    "train: optimizer is the transform clip-norm, which changes gradients for an optimizer; " +
      "put it before one by chain(…, adam()).",
  ],
  ["adam", 'train: optimizer is "adam"; expected an optimizer, such as adam().'],
  [null, "train: optimizer is null; expected an optimizer, such as adam()."],
  [[adam()], "train: optimizer is an array; expected an optimizer, such as adam()."],
])("says what is wrong with %o", (x, message) => {
  expect(() => checkOptimizer("train", x)).toThrow(new TypeError(message));
});
