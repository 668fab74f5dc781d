import { type Packed, unpack } from "@downhill/core/train";
import { encode } from "fast-png";
import type { Value } from "../format/event-record.js";
import { safeText } from "../safe-text.js";

/**
 * Pictures of shape [k, height, width] in grey or [k, height, width, 3] in red, green and blue, as PNGs: the least
 * number of them all is black, the largest white. What is not finite is black.
 */
export function images(tag: string, packed: Packed): Value {
  const [k = 0, height = 0, width = 0, channels = 1] = packed.shape;
  const pixels = unpack(packed);
  const each = height * width * channels;
  const isPictures = packed.shape.length === 3 || (packed.shape.length === 4 && channels === 3);
  if (!isPictures || each === 0 || pixels.length !== k * each) {
    throw new RangeError(
      `the images of "${tag}" have shape [${packed.shape.join(", ")}] and ${pixels.length} numbers; expected [k, height, width] or [k, height, width, 3].`,
    );
  }
  const toByte = byteOf(pixels);
  const pngs = Array.from({ length: k }, (_, i) => {
    const data = Uint8Array.from({ length: each }, (_, p) => toByte(pixels[i * each + p]!));
    return encode({ width, height, channels, depth: 8, data });
  });
  const ascii = (size: number) => new TextEncoder().encode(String(size));
  return {
    tag: safeText(tag),
    plugin: "images",
    tensor: { dtype: "string", shape: [2 + k], data: [ascii(width), ascii(height), ...pngs] },
  };
}

function byteOf(numbers: ArrayLike<number>): (x: number) => number {
  let least = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i]!;
    if (!Number.isFinite(x)) continue;
    if (x < least) least = x;
    if (x > largest) largest = x;
  }
  return (x) =>
    Number.isFinite(x) && largest > least ? Math.round((255 * (x - least)) / (largest - least)) : 0;
}
