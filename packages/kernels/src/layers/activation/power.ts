import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';

export interface PowerSettings {
  readonly exponent: number;
  readonly scale: number;
  readonly shift: number;
}

/**
 * Power: y = (`shift` + `scale` x) ^ `power`. The derivative, power scale y / (shift + scale x), is not finite where the
 * base is 0 and the power is neither 0, 1 nor 2, as in Caffe. Source: Caffe's `power_layer.cpp`.
 */
export const power = elementwiseKernel({
  type: 'Power',
  notFiniteHint: 'a power that is not a whole number takes no negative base, and one below 0 no base of 0: add a shift',
  fields: { power_param: read('power', 'scale', 'shift') },
  settings: ({ power_param: { power: exponent = 1, scale = 1, shift = 0 } = {} }): PowerSettings => {
    return { exponent, scale, shift };
  },
  f(g, x, { exponent, scale, shift }) {
    const slope = Math.fround(exponent * scale);
    const scaled = scale === 1 ? x : ops.mul(g, x, g.scalar(scale));
    const base = shift === 0 ? scaled : ops.add(g, scaled, g.scalar(shift));
    if (slope === 0) {
      const constant = exponent === 0 ? 1 : shift ** exponent;
      return { y: ops.expand(g, g.scalar(constant), x.shape), gradient: () => ops.zeros(g, x.shape) };
    }
    if (exponent === 1) {
      return { y: base, gradient: (dy) => (slope === 1 ? dy : ops.mul(g, dy, g.scalar(slope))) };
    }
    if (exponent === 2) {
      return { y: ops.mul(g, base, base), gradient: (dy) => ops.mul(g, dy, ops.mul(g, base, g.scalar(slope))) };
    }
    const y = exponent === 0.5 ? ops.sqrt(g, base) : ops.pow(g, base, g.scalar(exponent));
    return { y, gradient: (dy) => ops.mul(g, dy, ops.mul(g, ops.div(g, y, base), g.scalar(slope))) };
  },
});
