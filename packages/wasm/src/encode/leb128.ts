/** Appends an unsigned integer below 2^53 in LEB128. */
export function unsigned(bytes: number[], value: number): void {
  while (value >= 0x80) {
    bytes.push((value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  bytes.push(value);
}

/** Appends a signed integer between -2^53 and 2^53, or one of 64 bits. */
export function signed(bytes: number[], value: bigint | number): void {
  if (typeof value === "number") signedNumber(bytes, value);
  else signedBits(bytes, value);
}

/** A module has hundreds of these: a bigint for each would take longer than all else of its encoding. */
function signedNumber(bytes: number[], value: number): void {
  let rest = value;
  while (rest < -0x40 || rest >= 0x40) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest & 0x7f);
}

function signedBits(bytes: number[], value: bigint): void {
  let rest = value;
  while (rest < -0x40n || rest >= 0x40n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest & 0x7fn));
}
