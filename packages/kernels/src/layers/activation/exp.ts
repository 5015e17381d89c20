import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';
import { check } from '../layer.ts';

/**
 * Exp: y = `base` ^ (`shift` + `scale` x), base e if it is -1; dy/dx = y scale log(base). Source: Caffe's `exp_layer.cpp`.
 */
export const exp = elementwiseKernel('Exp', { exp_param: { ...read('base', 'scale', 'shift') } }, (g, x, layer) => {
  const { base = -1, scale = 1, shift = 0 } = layer.exp_param ?? {};
  check(base === -1 || base > 0, () => `base ${base} is not positive (-1 stands for e)`);
  const logBase = base === -1 ? 1 : Math.log(base);
  const inner = logBase * scale;
  const outer = shift === 0 ? 1 : base === -1 ? Math.exp(shift) : base ** shift;
  const power = ops.exp(g, inner === 1 ? x : ops.mul(g, x, g.scalar(inner)));
  const y = outer === 1 ? power : ops.mul(g, power, g.scalar(outer));
  return { y, gradient: (dy) => ops.mul(g, ops.mul(g, dy, y), g.scalar(inner)) };
});
