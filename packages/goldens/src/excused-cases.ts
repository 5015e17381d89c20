/** A case of the layer goldens in which float32 itself cannot meet the tolerance. */
export interface ExcusedCase {
  /** `<type>/<name of the case>`. */
  layer: string;
  /** The largest relative errors that are accepted instead. */
  forward?: number;
  backward?: number;
  /** What float32 loses there, for docs/numerics.md. */
  reason: string;
}

/** Tolerances of the layer goldens, relative to a tensor's largest element. */
export const FORWARD_LIMIT = 1e-5;
export const BACKWARD_LIMIT = 1e-4;

/**
 * All exceptions to these tolerances. There are none: every case of the goldens is met.
 * An entry needs a float64 computation that shows that the reference's own rounding is larger than the tolerance, and
 * its line in docs/numerics.md, which a test asks for.
 */
export const EXCUSED_CASES: readonly ExcusedCase[] = [];

/** The tolerances of one case. */
export function limitsOf(type: string, name: string): { forward: number; backward: number } {
  const excused = EXCUSED_CASES.find(({ layer }) => layer === `${type}/${name}`);
  return { forward: excused?.forward ?? FORWARD_LIMIT, backward: excused?.backward ?? BACKWARD_LIMIT };
}
