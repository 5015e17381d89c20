import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { check, type LayerKernel } from '../layer.ts';

/** Permute: axis i of the top is axis `order[i]` of the bottom; axes not named follow in their order. Source: SSD's `permute_layer.cpp`. */
export const permute: LayerKernel = {
  type: 'Permute',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  fields: { permute_param: { ...read('order') } },
  lower({ g, layer, bottoms }) {
    const x = bottoms[0]!;
    const given = layer.permute_param?.order ?? [];
    check(new Set(given).size === given.length, () => `order ${given.join(', ')} names an axis twice`);
    check(
      given.every((axis) => axis < x.shape.length),
      () => `order ${given.join(', ')} names axes that [${x.shape.join(', ')}] does not have`,
    );
    const order = [...given, ...ops.allAxes(x).filter((axis) => !given.includes(axis))];
    const back = ops.allAxes(x).map((axis) => order.indexOf(axis));
    return {
      tops: [ops.transpose(g, x, order)],
      backward: ([dy]) => ({ bottoms: [ops.transpose(g, dy!, back)] }),
    };
  },
};
