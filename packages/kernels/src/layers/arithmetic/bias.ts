import { createMessage, type FillerParameter, read } from '@caffe-quant/caffe-io';
import { channelAffine } from '../../graph/channel-affine.ts';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import {
  axesOver,
  broadcastOperand,
  isPerChannel,
  type OperandAxes,
  operandAxes,
  reduceToOperand,
} from './broadcast-axes.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { layerKernel } from '../layer.ts';

export interface BiasSettings {
  /** Where b lies. */
  readonly axes: OperandAxes;
  readonly filler: FillerParameter;
}

/**
 * Bias: y = x + b, where b has the axes of x from `axis` on, `num_axes` of them. b is a blob of the layer or the second
 * bottom. Source: Caffe's `bias_layer.cpp`.
 */
export const bias = layerKernel({
  type: 'Bias',
  showsNotFinite: true,
  bottoms: [1, 2],
  tops: 1,
  fields: { bias_param: { ...read('axis', 'num_axes'), filler: FILLER } },
  settings: ({ bias_param: param }): BiasSettings => ({
    axes: operandAxes(param),
    filler: param?.filler ?? createMessage('FillerParameter', { type: 'constant', value: 0 }),
  }),
  params: ({ axes, filler }, bottoms) => (bottoms.length > 1 ? [] : [{ shape: axesOver(axes, bottoms).shape, filler }]),
  lower({ g, settings, bottoms, params }) {
    const [x, second] = bottoms as [Value, Value?];
    const axes = axesOver(
      settings.axes,
      bottoms.map(({ shape }) => shape),
    );
    const operand = second ?? params[0]!;
    const y = isPerChannel(axes, x.shape)
      ? channelAffine(g, x, undefined, operand)
      : ops.add(g, x, broadcastOperand(g, operand, axes));
    return {
      tops: [y],
      backward([dy], needs) {
        const ofOperand = (second ? needs.bottoms[1] : needs.params[0]) ? reduceToOperand(g, dy!, axes) : undefined;
        return second ? { bottoms: [dy, ofOperand] } : { bottoms: [dy], params: [ofOperand] };
      },
    };
  },
});
