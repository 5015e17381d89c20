/**
 * The two roundings of AMCT, as scalar functions. `Math.round` is neither: it rounds half up (-127.5 to -127).
 */

const { abs, floor, sign, trunc } = Math;

/** To the nearest integer, halves away from zero: C's `round`. ARQ's weights and ULQ's integer offset use it. */
export function roundHalfAway(value: number): number {
  const whole = trunc(value);
  return abs(value - whole) >= 0.5 ? whole + sign(value) : whole;
}

/** To the nearest integer, halves to the even one: C's `rint`. ULQ's activations use it. */
export function roundHalfEven(value: number): number {
  const below = floor(value);
  const rest = value - below;
  if (rest < 0.5) return below;
  if (rest > 0.5) return below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Distance from 1 to the next float32: the smallest scale that AMCT accepts. */
export const FLT_EPSILON = 1.1920928955078125e-7;
