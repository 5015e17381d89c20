import type { Device } from '@caffe-quant/kernels';
import { GOLDEN_LIMITS } from './limits.ts';

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

const { 'tops, and what a layer keeps': FORWARD, gradients: BACKWARD } = GOLDEN_LIMITS.layers;

/** Tolerances of the layer goldens on the processor, relative to a tensor's largest element. */
export const FORWARD_LIMIT = FORWARD.cpu;
export const BACKWARD_LIMIT = BACKWARD.cpu;

/**
 * All exceptions to these tolerances. There are none: every case of the goldens is met.
 * An entry needs a float64 computation that shows that the reference's own rounding is larger than the tolerance, and
 * its line in docs/numerics.md, which a test asks for.
 */
export const EXCUSED_CASES: readonly ExcusedCase[] = [];

/** The tolerances of one case on a device. */
export function limitsOf(type: string, name: string, device: Device): { forward: number; backward: number } {
  const excused = EXCUSED_CASES.find(({ layer }) => layer === `${type}/${name}`);
  return { forward: excused?.forward ?? FORWARD[device], backward: excused?.backward ?? BACKWARD[device] };
}
