import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';
import { check } from '../layer.ts';

export interface ClipSettings {
  readonly min: number;
  /** Below `min`: all of y is `min`. */
  readonly max: number;
}

/** Clip: y = max(min(x, `max`), `min`); the gradient passes where min <= x <= max. Source: Caffe's `clip_layer.cpp`. */
export const clip = elementwiseKernel({
  type: 'Clip',
  keepsFinite: true,
  fields: { clip_param: read('min', 'max') },
  settings({ clip_param: { min, max } = {} }): ClipSettings {
    check(min !== undefined && max !== undefined, () => 'clip_param needs min and max');
    return { min, max };
  },
  f(g, x, { min, max }) {
    const [low, high] = [g.scalar(min), g.scalar(max)];
    // In this order, which counts where min > max: y then is min everywhere.
    const y = ops.max(g, ops.min(g, x, high), low);
    return {
      y,
      gradient: (dy) => (max < min ? ops.zeros(g, x.shape) : ops.where(g, ops.equal(g, x, y), dy, g.scalar(0))),
    };
  },
});
