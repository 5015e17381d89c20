import * as ops from '../../graph/ops.ts';
import { elementCount, type Shape } from '../../graph/graph-builder.ts';
import { read, type LayerParameter } from '@caffe-quant/caffe-io';
import { check, type LayerKernel } from '../layer.ts';

/**
 * Reshape: the axes from `axis` on, `num_axes` of them (-1: all), replaced by `shape`, where 0 stands for the bottom's
 * length at that place and one -1 for what remains. Source: Caffe's `reshape_layer.cpp`.
 */
export const reshape: LayerKernel = {
  type: 'Reshape',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  notInPlace: true,
  fields: { reshape_param: { ...read('shape', 'axis', 'num_axes') } },
  lower({ g, layer, bottoms }) {
    const x = bottoms[0]!;
    const y = ops.reshape(g, x, reshaped(layer, x.shape));
    return { tops: [y], backward: ([dy]) => ({ bottoms: [ops.reshape(g, dy!, x.shape)] }) };
  },
};

function reshaped(layer: LayerParameter, input: Shape): Shape {
  const { axis = 0, num_axes = -1, shape } = layer.reshape_param ?? {};
  const dims = shape?.dim ?? [];
  // -1 is the place behind the last axis: axes are put in between, not taken.
  const start = axis >= 0 ? axis : input.length + axis + 1;
  check(start >= 0 && start <= input.length, () => `axis ${axis} is outside a blob of ${input.length} axes`);
  const end = num_axes === -1 ? input.length : start + num_axes;
  check(num_axes >= -1 && end <= input.length, () => `axis ${axis} and num_axes ${num_axes} exceed the blob's axes`);
  check(dims.filter((dim) => dim === -1).length <= 1, () => 'shape has more than one -1');
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
