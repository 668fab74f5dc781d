import { it } from "vitest";
import { reference } from "@downhill/core";
import { randomRun, runProgram } from "@downhill/testing";
import { randomProgram } from "../../core/src/engine/random-program.fixture.js";
import { wasm } from "./wasm.js";
const dist = (a: any, e: any) => { let scale = 1, w = 0; for (const x of e) if (Number.isFinite(x)) scale = Math.max(scale, Math.abs(x)); a.forEach((x: number, i: number) => { const y = e[i]; if (!Object.is(x, y)) w = Math.max(w, Number.isFinite(x) && Number.isFinite(y) ? Math.abs(x - y) / scale : Infinity); }); return w; };
it("x", async () => {
  let t = performance.now();
  for (const dtype of ["float64", "float32"] as const) {
    let worst: any[] = [];
    for (let seed = 0; seed < 3000; seed++) {
      try {
        const run = randomRun(seed);
        const a = await runProgram(wasm(), dtype, run), e = await runProgram(reference(), dtype, run);
        worst.push([dist(a.p!, e.p!), seed]);
      } catch (error) { console.log(seed, String(error).slice(0, 300)); }
    }
    worst.sort((a, b) => b[0] - a[0]);
    console.log(dtype, worst.slice(0, 12), performance.now() - t); t = performance.now();
  }
  for (const dtype of ["float64", "float32"] as const) {
    let worst: any[] = [];
    for (let seed = 0; seed < 2000; seed++) {
      try {
        const { layout, program } = randomProgram(seed, dtype);
        const given: any = {};
        let n = seed * 7919 + 1;
        for (const [arena, slots] of Object.entries(layout)) { given[arena] = {}; for (const [name, shape] of Object.entries(slots)) given[arena][name] = Float64Array.from({ length: shape.reduce((x, y) => x * y, 1) }, () => Math.sin(n++ * 12.9898)); }
        const run = { layout, writes: program.writes, placements: program.placements!, hostScalars: { rate: 0.125, t: 1, key: 12346 }, given };
        const a = await runProgram(wasm(), dtype, run), e = await runProgram(reference(), dtype, run);
        for (const arena of ["p", "m", "x"]) worst.push([dist(a[arena]!, e[arena]!), seed]);
      } catch (error) { console.log(seed, String(error).slice(0, 300)); }
    }
    worst.sort((a, b) => b[0] - a[0]);
    console.log(dtype, worst.slice(0, 12), performance.now() - t); t = performance.now();
  }
}, 600000);
