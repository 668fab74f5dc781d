import { js, light, reference } from "@downhill/core";
import { describe, it } from "vitest";
import { engineSuite } from "./engine-suite.js";

describe.each([reference(), js(), light()])("engine $name", (engine) => {
  it.each(engineSuite.map((check) => [check.title, check] as const))("%s", (_, check) => check.run(engine));
});
