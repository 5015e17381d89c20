import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { elementwiseKernel } from './elementwise.ts';
import { check } from '../layer.ts';

export interface LogSettings {
  /** Above 0, and not 1. */
  readonly base: number | 'e';
  readonly scale: number;
  readonly shift: number;
}

/**
 * Log: y = log(`shift` + `scale` x) to the base `base`, e if it is -1. Source: Caffe's `log_layer.cpp`.
 */
export const log = elementwiseKernel({
  type: 'Log',
  notFiniteHint: 'a logarithm takes numbers above 0: add a shift to log_param, or see why its input has others',
  fields: { log_param: read('base', 'scale', 'shift') },
  settings({ log_param: { base = -1, scale = 1, shift = 0 } = {} }): LogSettings {
    check(base === -1 || (base > 0 && base !== 1), () => `base ${base} is not a base of a logarithm (-1 stands for e)`);
    return { base: base === -1 ? 'e' : base, scale, shift };
  },
  f(g, x, { base, scale, shift }) {
    const perLog = base === 'e' ? 1 : 1 / Math.log(base);
    const scaled = scale === 1 ? x : ops.mul(g, x, g.scalar(scale));
    const inner = shift === 0 ? scaled : ops.add(g, scaled, g.scalar(shift));
    const natural = ops.log(g, inner);
    return {
      y: perLog === 1 ? natural : ops.mul(g, natural, g.scalar(perLog)),
      gradient: (dy) => ops.mul(g, ops.div(g, dy, inner), g.scalar(scale * perLog)),
    };
  },
});
