/** Loops of a few SIMD instructions, put together by hand: what the processor can do at best, without an engine. */
export interface MachineLoops {
  /** Reads so many lines of 64 bytes from the memory's beginning on. */
  read(lines: number): number;
  /** So many times six products and six sums of whole vectors, none of which waits for another of its round. */
  peak32(times: number): number;
  peak64(times: number): number;
}

const [I32, F32, F64, V128] = [0x7f, 0x7d, 0x7c, 0x7b];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const simd = (opcode: number) => (opcode < 0x80 ? [0xfd, opcode] : [0xfd, (opcode & 0x7f) | 0x80, 1]);
const add32 = simd(0xe4);
const dtypes = {
  float32: {
    one: [0x43, 0, 0, 0x80, 0x3f],
    splat: simd(0x13),
    add: add32,
    mul: simd(0xe6),
    first: simd(0x1f),
  },
  float64: {
    one: [0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
    splat: simd(0x14),
    add: simd(0xf0),
    mul: simd(0xf2),
    first: simd(0x21),
  },
};

/** `body` again while local 0, counted down, is not 0. */
const loop = (body: readonly number[]) => [
  ...[0x03, 0x40],
  ...body,
  ...[...get(0), 0x41, 1, 0x6b, 0x22, 0],
  ...[0x0d, 0, 0x0b],
];

function read(): number[] {
  // Local 1 is the address, 2 to 5 are sums.
  const sums = [0, 1, 2, 3].flatMap((i) => [
    ...get(2 + i),
    ...get(1),
    ...[0xfd, 0, 4, 16 * i],
    ...add32,
    ...set(2 + i),
  ]);
  const next = [...get(1), 0x41, 0xc0, 0, 0x6a, ...set(1)];
  const total = [...get(2), ...get(3), ...add32, ...get(4), ...add32, ...get(5), ...add32];
  return [2, 1, I32, 4, V128, ...loop([...sums, ...next]), ...total, ...dtypes.float32.first, 0, 0x0b];
}

function peak(dtype: keyof typeof dtypes): number[] {
  const { one, splat, add, mul, first } = dtypes[dtype];
  const six = [0, 1, 2, 3, 4, 5];
  // Local 1 is the factor, 2 to 7 are products, 8 to 13 sums.
  const start = [...one, ...splat, ...set(1), ...six.flatMap((i) => [...get(1), ...set(2 + i)])];
  const body = six.flatMap((i) => [
    ...[...get(2 + i), ...get(1), ...mul, ...set(2 + i)],
    ...[...get(8 + i), ...get(2 + i), ...add, ...set(8 + i)],
  ]);
  const total = [...get(8), ...six.slice(1).flatMap((i) => [...get(8 + i), ...add])];
  return [1, 13, V128, ...start, ...loop(body), ...total, ...first, 0, 0x0b];
}

function size(bytes: readonly number[]): number[] {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  return [...length, rest, ...bytes];
}

const text = (word: string) => size([...word].map((letter) => letter.charCodeAt(0)));
const section = (id: number, items: readonly (readonly number[])[]) => [
  id,
  ...size([items.length, ...items.flat()]),
];

export function machineLoops(memory: WebAssembly.Memory): MachineLoops {
  const module = new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(
        1,
        [F32, F64].map((result) => [0x60, 1, I32, 1, result]),
      ),
      ...section(2, [[...text("m"), ...text("m"), 2, 0, 0]]),
      ...section(3, [[0], [0], [1]]),
      ...section(
        7,
        ["read", "peak32", "peak64"].map((name, i) => [...text(name), 0, i]),
      ),
      ...section(10, [read(), peak("float32"), peak("float64")].map(size)),
    ]),
  );
  return new WebAssembly.Instance(module, { m: { m: memory } }).exports as unknown as MachineLoops;
}
