import { compileProgram } from "../../program/compile.js";
import type { DType, Layout, Program } from "../../program/program.js";
import type { Engine, Kernel, Session } from "../engine.js";
import { hostMemory } from "../host-memory.js";
import { openReference } from "../reference.js";
import { forbidsCode } from "./forbids-code.js";
import { generate } from "./generate.js";
import { noisyLibrary, noisyText } from "./noise.js";

/**
 * Compiles each program to one JavaScript function. In float32, memory is float32 and arithmetic float64, rounded where
 * a value is stored. Where a content-security policy forbids generated code, the reference interpreter stands in and
 * the session's notes say so.
 */
export function js(): Engine<"sync"> {
  return { "~engine": 1, name: "js", mode: "sync", dtypes: ["float64", "float32"], open: openJs };
}

/** A session of the engine; a program whose text is longer than `long` is several functions. */
export function openJs(layout: Layout, dtype: DType, long?: number): Session<"sync"> {
  const forbidden = forbidsCode("js");
  if (forbidden) return openReference(layout, dtype, [forbidden]);
  const memory = hostMemory(layout, dtype);
  return { ...memory, notes: [], load: (program) => compile(program, memory, layout, dtype, long) };
}

function compile(
  program: Program,
  memory: Pick<Session<"sync">, "view">,
  layout: Layout,
  dtype: DType,
  long?: number,
): Kernel<"sync"> {
  const plan = compileProgram(program, layout, dtype);
  const Floats = dtype === "float32" ? Float32Array : Float64Array;
  const buffers = plan.buffers.map((buffer) => {
    if (buffer.kind === "arena") return memory.view(buffer.name);
    return buffer.kind === "data" ? Floats.from(buffer.values) : new Floats(buffer.size);
  });
  const longest = Math.max(...buffers.map((buffer) => buffer.length));
  if (longest >= 2 ** 31) {
    throw new RangeError(
      `The engine js addresses up to ${2 ** 31 - 1} numbers in a row, and this program needs ${longest}. ` +
        "Spread them over several arenas, or use the engine reference.",
    );
  }
  const { text, workspace } = generate(plan, long);
  const names = [...buffers.map((_, i) => `b${i}`), "w", "library"];
  const make = new Function(...names, `"use strict";\n${noisyText}${text}`);
  return { run: make(...buffers, new Float64Array(workspace), noisyLibrary) as Kernel<"sync">["run"] };
}
