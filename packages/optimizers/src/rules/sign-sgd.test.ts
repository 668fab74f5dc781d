import { describe, expect, it } from "vitest";
import { signSgd } from "./sign-sgd.js";
import { walk } from "./walk.fixture.js";

describe("sign-sgd", () => {
  it("makes the steps worked by hand", () => {
    const rule = signSgd({ learningRate: 0.5 });
    const { parameters } = walk(rule, 1, [2, -1, 0]);
    expect(parameters).toBeNear([0.5, 1, 1]);
  });
});
