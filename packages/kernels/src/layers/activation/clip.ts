import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';
import { check } from '../layer.ts';

/** Clip: y = max(min(x, `max`), `min`); the gradient passes where min <= x <= max. Source: Caffe's `clip_layer.cpp`. */
export const clip = elementwiseKernel('Clip', { clip_param: { ...read('min', 'max') } }, (g, x, layer) => {
  const { min, max } = layer.clip_param ?? {};
  check(min !== undefined && max !== undefined, () => 'clip_param needs min and max');
  const [low, high] = [g.scalar(min), g.scalar(max)];
  // In this order, which counts where min > max: y then is min everywhere.
  const y = ops.max(g, ops.min(g, x, high), low);
  return {
    y,
    gradient: (dy) => (max < min ? ops.zeros(g, x.shape) : ops.where(g, ops.equal(g, x, y), dy, g.scalar(0))),
  };
});
