import { read } from '@caffe-quant/caffe-io';
import type { Shape, Value } from '../../graph/graph-builder.ts';
import { check, layerKernel } from '../layer.ts';

/** Parameter: a blob that learns, as a top: no bottoms. Source: Caffe's `parameter_layer.hpp`. */
export const parameter = layerKernel({
  type: 'Parameter',
  bottoms: 0,
  tops: 1,
  fields: { parameter_param: { ...read('shape') } },
  settings({ parameter_param: param }): ParameterSettings {
    const shape = param?.shape?.dim ?? [];
    check(
      shape.every((dim) => dim > 0),
      () => `shape [${shape.join(', ')}] has a dim that is not positive`,
    );
    return { shape };
  },
  params: ({ shape }) => [{ shape, filler: undefined }],
  lower: ({ params }) => ({
    tops: [params[0] as Value],
    backward: ([dy]) => ({ bottoms: [], params: [dy] }),
  }),
});

/** What a `parameter_param` says. */
export interface ParameterSettings {
  /** Of the blob; none: one number. */
  readonly shape: Shape;
}
