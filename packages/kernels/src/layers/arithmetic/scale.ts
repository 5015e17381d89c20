import { createMessage, type LayerParameter, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Shape, Value } from '../../graph/graph-builder.ts';
import { bottomAxes, gather, ownAxes, spread, type BroadcastAxes } from './broadcast-axes.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import type { LayerKernel } from '../layer.ts';

/**
 * Scale: y = x * s, and + b with `bias_term`. s and b have the axes of x from `axis` on, `num_axes` of them (none: one
 * number for all). s is a blob of the layer, starting at 1, or the second bottom. Source: Caffe's `scale_layer.cpp`.
 */
export const scale: LayerKernel = {
  type: 'Scale',
  bottoms: [1, 2],
  tops: 1,
  fields: { scale_param: { ...read('axis', 'num_axes', 'bias_term'), filler: FILLER, bias_filler: FILLER } },
  params(layer, bottoms) {
    const param = layer.scale_param;
    const { shape } = axesOf(layer, bottoms);
    const filler = param?.filler ?? createMessage('FillerParameter', { type: 'constant', value: 1 });
    const own = bottoms.length === 1 ? [{ shape, filler }] : [];
    const biasFiller = param?.bias_filler ?? createMessage('FillerParameter', { type: 'constant', value: 0 });
    return param?.bias_term ? [...own, { shape, filler: biasFiller }] : own;
  },
  lower({ g, layer, bottoms, params }) {
    const [x, second] = bottoms as [Value, Value?];
    const axes = axesOf(
      layer,
      bottoms.map(({ shape }) => shape),
    );
    const operand = spread(g, second ?? params[0]!, axes);
    const bias = params[second ? 0 : 1];
    const scaled = ops.mul(g, x, operand);
    return {
      tops: [bias ? ops.add(g, scaled, spread(g, bias, axes)) : scaled],
      backward([dy], needs) {
        const wanted = second ? needs.bottoms[1] : needs.params[0];
        const ofOperand = wanted ? gather(g, ops.mul(g, dy!, x), axes) : undefined;
        const ofBias = bias && needs.params[second ? 0 : 1] ? gather(g, dy!, axes) : undefined;
        const dx = needs.bottoms[0] ? ops.mul(g, dy!, operand) : undefined;
        return second ? { bottoms: [dx, ofOperand], params: [ofBias] } : { bottoms: [dx], params: [ofOperand, ofBias] };
      },
    };
  },
};

function axesOf(layer: LayerParameter, [x, operand]: readonly Shape[]): BroadcastAxes {
  const { axis, num_axes } = layer.scale_param ?? {};
  return operand ? bottomAxes(x!, operand, axis) : ownAxes(x!, axis, num_axes);
}
