import { type FillerParameter, read } from '@caffe-quant/caffe-io';
import type { Shape, Value } from '../../graph/graph-builder.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { check, layerKernel } from '../layer.ts';

/**
 * Parameter: a blob that learns, as a top: no bottoms. Source: Caffe's `parameter_layer.hpp`, for what it is filled with
 * that of happynear/caffe-windows.
 */
export const parameter = layerKernel({
  type: 'Parameter',
  bottoms: 0,
  tops: 1,
  fields: { parameter_param: { ...read('shape'), blob_filler: FILLER } },
  settings({ parameter_param: param }): ParameterSettings {
    const shape = param?.shape?.dim ?? [];
    check(
      shape.every((dim) => dim > 0),
      () => `shape [${shape.join(', ')}] has a dim that is not positive`,
    );
    return { shape, filler: param?.blob_filler };
  },
  params: ({ shape, filler }) => [{ shape, filler }],
  lower: ({ params }) => ({
    tops: [params[0] as Value],
    backward: ([dy]) => ({ bottoms: [], params: [dy] }),
  }),
});

/** What a `parameter_param` says. */
export interface ParameterSettings {
  /** Of the blob; none: one number. */
  readonly shape: Shape;
  /** Absent: zeros. */
  readonly filler: FillerParameter | undefined;
}
