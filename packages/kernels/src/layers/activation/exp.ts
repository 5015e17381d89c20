import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';
import { check } from '../layer.ts';

export interface ExpSettings {
  /** Above 0. */
  readonly base: number | 'e';
  readonly scale: number;
  readonly shift: number;
}

/**
 * Exp: y = `base` ^ (`shift` + `scale` x), base e if it is -1; dy/dx = y scale log(base). Source: Caffe's `exp_layer.cpp`.
 */
export const exp = elementwiseKernel({
  type: 'Exp',
  notFiniteHint: 'e to the power of 89 is beyond float32: see why its input is so large',
  fields: { exp_param: read('base', 'scale', 'shift') },
  settings({ exp_param: { base = -1, scale = 1, shift = 0 } = {} }): ExpSettings {
    check(base === -1 || base > 0, () => `base ${base} is not positive (-1 stands for e)`);
    return { base: base === -1 ? 'e' : base, scale, shift };
  },
  f(g, x, { base, scale, shift }) {
    const logBase = base === 'e' ? 1 : Math.log(base);
    const inner = logBase * scale;
    const outer = shift === 0 ? 1 : base === 'e' ? Math.exp(shift) : base ** shift;
    const power = ops.exp(g, inner === 1 ? x : ops.mul(g, x, g.scalar(inner)));
    const y = outer === 1 ? power : ops.mul(g, power, g.scalar(outer));
    return { y, gradient: (dy) => ops.mul(g, ops.mul(g, dy, y), g.scalar(inner)) };
  },
});
