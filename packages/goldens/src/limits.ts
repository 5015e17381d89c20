import type { Device } from '@caffe-quant/kernels';

/** A tolerance on each device. */
export type ByDevice = Readonly<Record<Device, number>>;

/** `cuda`, `dml` and `coreml` could not be tried: they are held to what `webgpu` is. */
const limit = (cpu: number, webgpu: number): ByDevice => ({ cpu, webgpu, cuda: webgpu, dml: webgpu, coreml: webgpu });

/** One step of ARQ's grid, of which the largest weight has 127 or 128, and a little for the rounding of the step itself. */
const ARQ_STEP = 0.008;

/**
 * How far from its reference a number of a golden may be: relative to the tensor's largest element where nothing else is said;
 * 0 is bit by bit. What is not listed is computed by the processor for any device, bit by bit.
 *
 * On the processor divisions are exact, and sums come in the order of our choice. WebGPU allows a division to be 2.5 units in
 * the last place off (WGSL, "Accuracy of Concrete Floating Point Expressions"): what lies half way between two steps
 * of a grid may go to the other one. What devices computed where they could be tried, docs/gpu.md tells beside this
 * table; a test holds the two together.
 */
export const GOLDEN_LIMITS = {
  arq: {
    'weights, fake-quantized': limit(0, ARQ_STEP),
  },
  ulq: {
    'y and dx': limit(0, 0),
    'gradients of the range, of the sum of the magnitudes of their terms': limit(2e-6, 1e-2),
  },
  quant: {
    'y of Quant and DeQuant, in steps of its grid': limit(0, 1.001),
  },
  layers: {
    'tops, and what a layer keeps': limit(1e-5, 1e-5),
    gradients: limit(1e-4, 1e-4),
  },
  solver: {
    'weights after every step': limit(1e-5, 1e-5),
    loss: limit(2e-5, 2e-5),
  },
  trajectory: {
    'loss, at least': limit(1e-5, 1e-5),
    'clip ranges, at least': limit(2e-5, 2e-5),
    'final weights, of their movement, at least': limit(1e-4, 1e-4),
    'all of these, times what another BLAS makes of them': limit(3, 3),
    'first steps of the grids': limit(1e-6, 1e-6),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ByDevice>>>>;
