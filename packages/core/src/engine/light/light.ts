import type { DType, Layout } from "../../program/program.js";
import type { Engine, Session } from "../engine.js";
import { hostMemory } from "../host-memory.js";
import { forbidsCode } from "../js/forbids-code.js";
import { openReference } from "../reference.js";
import { compile } from "./compile.js";

/**
 * Compiles each program to one JavaScript function in a single pass over its graph. There is no planner: a page that
 * minimises a function loads little more than half of what it does with `js`. With a few numbers a step is as fast as
 * there; tensors keep memory of their own and their loops are not joined, so that ten thousand numbers take twice the
 * time. Computes in float64 and rounds to float32 where a slot is written. Where a content-security policy forbids
 * generated code, the reference interpreter stands in and the session's notes say so.
 */
export function light(): Engine<"sync"> {
  return { "~engine": 1, name: "light", mode: "sync", dtypes: ["float64", "float32"], open: openLight };
}

function openLight(layout: Layout, dtype: DType): Session<"sync"> {
  const forbidden = forbidsCode("light");
  if (forbidden) return openReference(layout, dtype, [forbidden]);
  const memory = hostMemory(layout, dtype);
  return { ...memory, notes: [], load: (program) => ({ run: compile(program, memory.view) }) };
}
