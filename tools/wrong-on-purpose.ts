/**
 * A caffe-quant whose WebGPU is wrong on purpose, to see what stops it: in the provider's own default layout, NHWC, convolutions
 * with groups give wrong values without an error. It is here, in the repository alone, and no option or variable leads to it.
 *
 *   npm run -s wrong-on-purpose -- export <folder of a net with a grouped convolution> --device webgpu
 *
 * Takes what `caffe-quant` takes.
 */
import { WEBGPU } from '../packages/kernels/src/graph/webgpu.ts';

Object.assign(WEBGPU, { preferredLayout: 'NHWC' });
await import('../packages/cli/src/bin.ts');
