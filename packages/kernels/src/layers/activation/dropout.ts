import { createMessage, read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { Value } from '../../graph/graph-builder.ts';
import { ENGINE } from '../common-fields.ts';
import { check, layerKernel } from '../layer.ts';

export interface DropoutSettings {
  /** Probability of being dropped, in [0, 1]. */
  readonly ratio: number;
  /** Whether it is TRAIN that makes up for what is dropped; otherwise TEST does. */
  readonly scalesInTraining: boolean;
}

/**
 * Dropout: in TRAIN each element is kept with probability 1 - `dropout_ratio` and then divided by it; in TEST y = x. With
 * `scale_train: false` (forks) TRAIN does not divide and TEST multiplies instead. The kept elements are drawn anew at each
 * forward pass; their numbers are ours, their distribution is Caffe's. Source: Caffe's `dropout_layer.cpp`.
 */
export const dropout = layerKernel({
  type: 'Dropout',
  nonNegative: 'as its bottoms',
  bottoms: 1,
  tops: 1,
  fields: { dropout_param: { ...read('dropout_ratio', 'scale_train'), engine: ENGINE } },
  settings({ dropout_param: { dropout_ratio: ratio = 0.5, scale_train = true } = {} }): DropoutSettings {
    // Caffe refuses 0 and 1 in its debug build alone; with 0 nothing is dropped.
    check(ratio >= 0 && ratio <= 1, () => `dropout_ratio ${ratio} is outside [0, 1]`);
    return { ratio, scalesInTraining: scale_train };
  },
  lower({ g, settings, phase, bottoms, random }) {
    const [x] = bottoms as [Value];
    const { ratio, scalesInTraining } = settings;
    check(
      ratio < 1 || phase === 'TEST' || !scalesInTraining,
      () => 'with dropout_ratio 1 all is dropped, and what is left would be multiplied by 1 / 0',
    );
    const kept = 1 - ratio;
    const scaled = (value: Value, by: number) => (by === 1 ? value : ops.mul(g, value, g.scalar(by)));
    if (phase === 'TEST' || ratio === 0) {
      const factor = scalesInTraining ? 1 : kept;
      return { tops: [scaled(x, factor)], backward: ([dy]) => ({ bottoms: [scaled(dy!, factor)] }) };
    }
    check(random !== undefined, () => 'a TRAIN net with Dropout needs random numbers');
    const uniform = random(x.shape, createMessage('FillerParameter', { type: 'uniform', min: 0, max: 1 }));
    const factor = g.scalar(scalesInTraining ? 1 / kept : 1);
    const mask = ops.where(g, ops.less(g, uniform, g.scalar(kept)), factor, g.scalar(0));
    return { tops: [ops.mul(g, x, mask)], backward: ([dy]) => ({ bottoms: [ops.mul(g, dy!, mask)] }) };
  },
});
