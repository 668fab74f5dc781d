import { it } from "vitest";
import { leaf } from "./index.js";
import { reference } from "./engine/reference.js";
import { js } from "./engine/js/index.js";
it("x", () => {
  for (const engine of [reference(), js()]) {
    const session = engine.open({ g: { w: [6], s: [1] }, p: { w: [6], s: [1] } }, "float64");
    session.write("g", "w", Float64Array.of(1, 0, 0, 0, 0, 0));
    session.write("g", "s", Float64Array.of(-100));
    const w = leaf("g", "w", [6]);
    const s = leaf("g", "s", [1]);
    const norm = w.square().sum().add(s.square().sum());
    const orig = globalThis.Function;
    const k = session.load({ writes: [{ arena: "p", name: "w", value: w.mul(norm) }, { arena: "p", name: "s", value: s.mul(norm) }], hostScalars: [] });
    console.log(String((k as any).run));
    k.run(new Float64Array(0));
    console.log(engine.name, session.read("p"));
  }
});
