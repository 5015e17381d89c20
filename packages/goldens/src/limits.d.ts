import type { Device } from '@caffe-quant/kernels';
/** A tolerance on each device. */
export type ByDevice = Readonly<Record<Device, number>>;
/**
 * How far from its reference a number of a golden may be: relative to the tensor's largest element where nothing else is said;
 * 0 is bit by bit. What is not listed is computed by the processor for any device, bit by bit.
 *
 * On the processor divisions are exact, and sums come in the order of our choice. WebGPU allows a division to be 2.5 units in
 * the last place off (WGSL, "Accuracy of Concrete Floating Point Expressions"): what lies half way between two steps
 * of a grid may go to the other one. What devices computed where they could be tried, docs/gpu.md tells beside this
 * table; a test holds the two together.
 */
export declare const GOLDEN_LIMITS: {
    readonly arq: {
        readonly 'weights, fake-quantized': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
    };
    readonly ulq: {
        readonly 'y and dx': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
        readonly 'gradients of the range, of the sum of the magnitudes of their terms': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
    };
    readonly quant: {
        readonly 'y of Quant and DeQuant, in steps of its grid': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
    };
    readonly layers: {
        readonly 'tops, and what a layer keeps': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
        readonly gradients: Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
    };
    readonly solver: {
        readonly 'weights after every step': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
        readonly loss: Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
    };
    readonly trajectory: {
        readonly 'loss, at least': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
        readonly 'clip ranges, at least': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
        readonly 'final weights, of their movement, at least': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
        readonly 'all of these, times what another BLAS makes of them': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
        readonly 'first steps of the grids': Readonly<Record<"cpu" | "cuda" | "webgpu" | "dml" | "coreml", number>>;
    };
};
//# sourceMappingURL=limits.d.ts.map