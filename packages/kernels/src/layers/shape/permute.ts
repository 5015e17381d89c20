import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { check, layerKernel } from '../layer.ts';

/** Permute: axis i of the top is axis `order[i]` of the bottom; axes not named follow in their order. Source: SSD's `permute_layer.cpp`. */
export const permute = layerKernel({
  type: 'Permute',
  showsNotFinite: true,
  keepsFinite: true,
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  fields: { permute_param: { ...read('order') } },
  settings({ permute_param: param }): PermuteSettings {
    const first = param?.order ?? [];
    check(new Set(first).size === first.length, () => `order ${first.join(', ')} names an axis twice`);
    return { first };
  },
  lower({ g, settings: { first: given }, bottoms }) {
    const x = bottoms[0]!;
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
});

/** What a `permute_param` says. */
export interface PermuteSettings {
  /** The axes of the bottom that are the top's first ones. */
  readonly first: readonly number[];
}
