import * as ops from '../../graph/ops.ts';
import { elementCount, type GraphBuilder, type Shape, type Value } from '../../graph/graph-builder.ts';
import { read } from '@caffe-quant/caffe-io';
import { check, layerKernel, type Lowered } from '../layer.ts';

/**
 * Reshape: the axes from `axis` on, `num_axes` of them (-1: all), replaced by `shape`, where 0 stands for the bottom's
 * length at that place and one -1 for what remains. With `pixelshuffler` r over 1 it is none of that: see `shufflePixels`.
 * Source: Caffe's `reshape_layer.cpp`; for `pixelshuffler` intel/caffe's and Synopsys'.
 */
export const reshape = layerKernel({
  type: 'Reshape',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  notInPlace: true,
  fields: { reshape_param: { ...read('shape', 'axis', 'num_axes', 'pixelshuffler') } },
  settings({ reshape_param: param }): ReshapeSettings {
    const { axis = 0, num_axes: axes = -1, shape, pixelshuffler: upscale = 1 } = param ?? {};
    const dims = shape?.dim ?? [];
    check(axes >= -1, () => `num_axes ${axes} is neither a number of axes nor -1`);
    check(dims.filter((dim) => dim === -1).length <= 1, () => 'shape has more than one -1');
    check(upscale > 0, () => `pixelshuffler ${upscale} must be positive`);
    return { axis, axes: axes === -1 ? undefined : axes, dims, upscale };
  },
  lower({ g, settings, bottoms }) {
    const x = bottoms[0]!;
    if (settings.upscale > 1) return shufflePixels(g, x, settings.upscale);
    const y = ops.reshape(g, x, reshaped(settings, x.shape));
    return { tops: [y], backward: ([dy]) => ({ bottoms: [ops.reshape(g, dy!, x.shape)] }) };
  },
});

/** What a `reshape_param` says. */
export interface ReshapeSettings {
  /** The first axis that is replaced; -1 is the place behind the last one, and so on from there. */
  readonly axis: number;
  /** How many are replaced; absent: all from `axis` on. */
  readonly axes: number | undefined;
  /** What comes instead: 0 stands for the bottom's length at that place, -1 for what remains. */
  readonly dims: readonly number[];
  /** Over 1: the channels become pixels, and the settings above count for nothing. */
  readonly upscale: number;
}

/**
 * Channels become pixels, as PyTorch's `PixelShuffle` has it: x [N, C r r, H, W] to y [N, C, H r, W r] with
 * y[n, c, h r + i, w r + j] = x[n, c r r + i r + j, h, w].
 */
function shufflePixels(g: GraphBuilder, x: Value, r: number): Lowered {
  check(x.shape.length === 4, () => `pixelshuffler takes a bottom [N, C, H, W], not [${x.shape.join(', ')}]`);
  const [images, channels, height, width] = x.shape as [number, number, number, number];
  check(
    channels % (r * r) === 0,
    () => `${channels} channels are not a multiple of ${r} * ${r}, as pixelshuffler takes them`,
  );
  const planes = channels / (r * r);
  const split = ops.reshape(g, x, [images, planes, r, r, height, width]);
  const moved = ops.transpose(g, split, [0, 1, 4, 2, 5, 3]);
  return {
    tops: [ops.reshape(g, moved, [images, planes, height * r, width * r])],
    backward([dy]) {
      const back = ops.transpose(g, ops.reshape(g, dy!, moved.shape), [0, 1, 3, 5, 2, 4]);
      return { bottoms: [ops.reshape(g, back, x.shape)] };
    },
  };
}

function reshaped({ axis, axes, dims }: ReshapeSettings, input: Shape): Shape {
  // -1 is the place behind the last axis: axes are put in between, not taken.
  const start = axis >= 0 ? axis : input.length + axis + 1;
  check(start >= 0 && start <= input.length, () => `axis ${axis} is outside a blob of ${input.length} axes`);
  const end = axes === undefined ? input.length : start + axes;
  check(end <= input.length, () => `axis ${axis} and num_axes ${axes} exceed the blob's axes`);
  const known = dims.map((dim, i) => {
    if (dim !== 0) return dim;
    check(start + i < input.length, () => `dim 0 at place ${i} has no axis of the bottom to copy`);
    return input[start + i]!;
  });
  const rest = elementCount(input) / elementCount([...input.slice(0, start), ...input.slice(end)]);
  const given = elementCount(known.filter((dim) => dim !== -1));
  const middle = known.map((dim) => (dim === -1 ? rest / given : dim));
  const output = [...input.slice(0, start), ...middle, ...input.slice(end)];
  check(
    output.every((dim) => Number.isInteger(dim) && dim > 0) && elementCount(output) === elementCount(input),
    () => `[${input.join(', ')}] does not reshape to dims ${dims.join(', ')}`,
  );
  return output;
}
