/**
 * IEEE 754 half precision numbers, as NVIDIA's Caffe stores blobs: a sign, five bits of exponent (bias 15), ten bits of
 * fraction.
 */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  const numbers = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) numbers[i] = widen(halves[i] ?? 0);
  return numbers;
}

/** The same numbers in half precision, or `undefined` if one of them has no exact equal there. */
export function float32ToFloat16Exactly(numbers: Float32Array): Uint16Array | undefined {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const halves = new Uint16Array(numbers.length);
  for (let i = 0; i < bits.length; i++) {
    const half = narrow(bits[i] ?? 0);
    if (half === undefined) return undefined;
    halves[i] = half;
  }
  return halves;
}

function widen(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** From a float32's bits. A NaN keeps the upper part of its payload. */
function narrow(bits: number): number | undefined {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return fraction === 0 ? sign | 0x7c00 : sign | 0x7e00;
  if (exponent === 0 && fraction === 0) return sign;
  const unbiased = exponent - 127;
  if (unbiased > 15 || unbiased < -24) return undefined;
  if (unbiased >= -14) return fraction & 0x1fff ? undefined : sign | ((unbiased + 15) << 10) | (fraction >>> 13);
  const shift = -14 - unbiased + 13;
  const significand = fraction | 0x800000;
  return significand & (2 ** shift - 1) ? undefined : sign | (significand >>> shift);
}
