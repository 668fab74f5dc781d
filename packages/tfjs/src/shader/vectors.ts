/** A function of numbers, and what it gives for each of four. */
interface Lanes {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, type: string])[];
  readonly result: string;
  /** Calls for the components of a vector. */
  readonly lanes: readonly string[];
}

/** Functions of vectors of four, as `write` spells them, from a library's WGSL functions of numbers. */
export function overVectors(library: string, write: (f: Lanes) => string): string {
  return [...library.matchAll(/fn (d_\w+)\(([^)]*)\) -> (f32|bool) \{/g)]
    .map(([, name, list, result]) => {
      const parameters = list!.split(", ").map((each) => each.split(": ") as [string, string]);
      if (!parameters.some(([, type]) => type === "f32")) return "";
      const lanes = ["x", "y", "z", "w"].map((lane) => {
        const operands = parameters.map(([p, type]) => (type === "f32" ? `${p}.${lane}` : p));
        return `${name}(${operands.join(", ")})`;
      });
      return `${write({ name: name!, parameters, result: result!, lanes })}\n`;
    })
    .join("");
}
