/** Functions of vectors of four from a library's functions of numbers, with a name of their own if languages want one. */
export function overVectors(library: string, suffix = ""): string {
  return [...library.matchAll(/(float|bool) (d_\w+)\(([^)]*float[^)]*)\)/g)]
    .map(([, result, name, list]) => {
      const type = result === "float" ? "vec4" : "bvec4";
      const lanes = [..."xyzw"].map((lane) => {
        const operands = list!.replace(/(\w+) (\w+)/g, (_, of, x) => (of === "float" ? `${x}.${lane}` : x));
        return `${name}(${operands})`;
      });
      return `${type} ${name}${suffix}(${list!.replaceAll("float ", "vec4 ")}) {return ${type}(${lanes.join(", ")});}\n`;
    })
    .join("");
}
