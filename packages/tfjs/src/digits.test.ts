import { describe, expect, it } from "vitest";
import { backends } from "./backends.fixture.js";
import { learnDigits, nets } from "./digits.fixture.js";
import "./wasm-kernels.js";

describe.each(backends.filter((backend) => backend !== "other"))("on %s", (backend) => {
  it.each(Object.entries(nets))(
    "a %s net learns the digits",
    async (_, make) => {
      const { accuracy, left } = await learnDigits(backend, make);
      expect(accuracy).toBeGreaterThan(0.9);
      expect(left).toBe(0);
    },
    60_000,
  );
});
