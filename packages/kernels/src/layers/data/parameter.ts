import { read } from '@caffe-quant/caffe-io';
import type { Value } from '../../graph/graph-builder.ts';
import { check, type LayerKernel } from '../layer.ts';

/** Parameter: a blob that learns, as a top: no bottoms. Source: Caffe's `parameter_layer.hpp`. */
export const parameter: LayerKernel = {
  type: 'Parameter',
  bottoms: 0,
  tops: 1,
  fields: { parameter_param: { ...read('shape') } },
  params(layer) {
    const shape = layer.parameter_param?.shape?.dim ?? [];
    check(
      shape.every((dim) => dim > 0),
      () => `shape [${shape.join(', ')}] has a dim that is not positive`,
    );
    return [{ shape, filler: undefined }];
  },
  lower: ({ params }) => ({
    tops: [params[0] as Value],
    backward: ([dy]) => ({ bottoms: [], params: [dy] }),
  }),
};
