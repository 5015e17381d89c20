/**
 * The factors of a deploy model's DeQuant layer in 64 bit each, as the hardware takes them: the float32's bits in the low
 * half, offset_w (always 0) in the eight bits above.
 */
export function packDeqscale(deqscale: Float32Array): BigUint64Array {
  const bits = new Uint32Array(deqscale.buffer, deqscale.byteOffset, deqscale.length);
  return BigUint64Array.from(bits, (each) => BigInt(each));
}

/** @returns the factors, and the offsets (signed bytes) above them. */
export function unpackDeqscale(packed: BigUint64Array): { deqscale: Float32Array; offsets: number[] } {
  const bits = Uint32Array.from(packed, (each) => Number(each & 0xffffffffn));
  const offsets = Array.from(packed, (each) => Number(BigInt.asIntN(8, each >> 32n)));
  return { deqscale: new Float32Array(bits.buffer), offsets };
}
