import { createMessage, read, type LayerParameter } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Shape, Value } from '../../graph/graph-builder.ts';
import { bottomAxes, gather, ownAxes, spread, type BroadcastAxes } from './broadcast-axes.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import type { LayerKernel } from '../layer.ts';

/**
 * Bias: y = x + b, where b has the axes of x from `axis` on, `num_axes` of them. b is a blob of the layer or the second
 * bottom. Source: Caffe's `bias_layer.cpp`.
 */
export const bias: LayerKernel = {
  type: 'Bias',
  bottoms: [1, 2],
  tops: 1,
  fields: { bias_param: { ...read('axis', 'num_axes'), filler: FILLER } },
  params(layer, bottoms) {
    const filler = layer.bias_param?.filler ?? createMessage('FillerParameter', { type: 'constant', value: 0 });
    return bottoms.length > 1 ? [] : [{ shape: axesOf(layer, bottoms).shape, filler }];
  },
  lower({ g, layer, bottoms, params }) {
    const [x, second] = bottoms as [Value, Value?];
    const axes = axesOf(
      layer,
      bottoms.map(({ shape }) => shape),
    );
    return {
      tops: [ops.add(g, x, spread(g, second ?? params[0]!, axes))],
      backward([dy], needs) {
        const ofOperand = (second ? needs.bottoms[1] : needs.params[0]) ? gather(g, dy!, axes) : undefined;
        return second ? { bottoms: [dy, ofOperand] } : { bottoms: [dy], params: [ofOperand] };
      },
    };
  },
};

function axesOf(layer: LayerParameter, [x, operand]: readonly Shape[]): BroadcastAxes {
  const { axis, num_axes } = layer.bias_param ?? {};
  return operand ? bottomAxes(x!, operand, axis) : ownAxes(x!, axis, num_axes);
}
