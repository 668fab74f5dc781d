import { concat, type Layout, leaf, type Program, sizeOf, type Write } from "@downhill/core";

/** The same program with every slot written whole: one that gets fewer numbers than it has keeps the rest. */
export function wholeWrites(program: Program, layout: Layout): Program {
  const whole = (write: Write): Write => {
    const shape = layout[write.arena]![write.name]!;
    const [given, size] = [sizeOf(write.value.shape), sizeOf(shape)];
    const value = write.value.reshape([given]);
    if (given === size) return { ...write, value: value.reshape(shape) };
    const rest = leaf(write.arena, write.name, [size]).slice([given], [size - given]);
    return { ...write, value: concat([value, rest], 0).reshape(shape) };
  };
  return { hostScalars: program.hostScalars, writes: program.writes.map(whole) };
}
