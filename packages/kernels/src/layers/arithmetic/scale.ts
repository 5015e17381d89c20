import { createMessage, type FillerParameter, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { channelAffine, channelDot, channelSum } from '../../graph/channel-affine.ts';
import type { GraphBuilder, Value } from '../../graph/graph-builder.ts';
import {
  axesOver,
  broadcastOperand,
  isPerChannel,
  type OperandAxes,
  operandAxes,
  reduceToOperand,
} from './broadcast-axes.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { layerKernel, type Lowered } from '../layer.ts';

export interface ScaleSettings {
  /** Where s and b lie. */
  readonly axes: OperandAxes;
  readonly filler: FillerParameter;
  /** Whether it adds b. */
  readonly bias: boolean;
  readonly biasFiller: FillerParameter;
}

/**
 * Scale: y = x * s, and + b with `bias_term`. s and b have the axes of x from `axis` on, `num_axes` of them (none: one
 * number for all). s is a blob of the layer, starting at 1, or the second bottom. Source: Caffe's `scale_layer.cpp`.
 */
export const scale = layerKernel({
  type: 'Scale',
  showsNotFinite: true,
  bottoms: [1, 2],
  tops: 1,
  fields: { scale_param: { ...read('axis', 'num_axes', 'bias_term'), filler: FILLER, bias_filler: FILLER } },
  settings: ({ scale_param: param }): ScaleSettings => ({
    axes: operandAxes(param),
    filler: param?.filler ?? createMessage('FillerParameter', { type: 'constant', value: 1 }),
    bias: param?.bias_term ?? false,
    biasFiller: param?.bias_filler ?? createMessage('FillerParameter', { type: 'constant', value: 0 }),
  }),
  params({ axes, filler, bias, biasFiller }, bottoms) {
    const { shape } = axesOver(axes, bottoms);
    const own = bottoms.length === 1 ? [{ shape, filler }] : [];
    return bias ? [...own, { shape, filler: biasFiller }] : own;
  },
  lower({ g, settings, bottoms, params }) {
    const [x, second] = bottoms as [Value, Value?];
    const axes = axesOver(
      settings.axes,
      bottoms.map(({ shape }) => shape),
    );
    const bias = params[second ? 0 : 1];
    if (isPerChannel(axes, x.shape)) return scaleChannels(g, x, second ?? params[0]!, bias, second !== undefined);
    const operand = broadcastOperand(g, second ?? params[0]!, axes);
    const scaled = ops.mul(g, x, operand);
    return {
      tops: [bias ? ops.add(g, scaled, broadcastOperand(g, bias, axes)) : scaled],
      backward([dy], needs) {
        const wanted = second ? needs.bottoms[1] : needs.params[0];
        const ofOperand = wanted ? reduceToOperand(g, ops.mul(g, dy!, x), axes) : undefined;
        const ofBias = bias && needs.params[second ? 0 : 1] ? reduceToOperand(g, dy!, axes) : undefined;
        const dx = needs.bottoms[0] ? ops.mul(g, dy!, operand) : undefined;
        return second ? { bottoms: [dx, ofOperand], params: [ofBias] } : { bottoms: [dx], params: [ofOperand, ofBias] };
      },
    };
  },
});

function scaleChannels(g: GraphBuilder, x: Value, scale: Value, bias: Value | undefined, isBottom: boolean): Lowered {
  return {
    tops: [channelAffine(g, x, scale, bias)],
    backward([dy], needs) {
      const ofScale = (isBottom ? needs.bottoms[1] : needs.params[0]) ? channelDot(g, dy!, x) : undefined;
      const ofBias = bias && needs.params[isBottom ? 0 : 1] ? channelSum(g, dy!) : undefined;
      const dx = needs.bottoms[0] ? channelAffine(g, dy!, scale) : undefined;
      return isBottom ? { bottoms: [dx, ofScale], params: [ofBias] } : { bottoms: [dx], params: [ofScale, ofBias] };
    },
  };
}
