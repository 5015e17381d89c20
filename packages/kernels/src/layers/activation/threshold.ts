import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import { layerKernel } from '../layer.ts';

export interface ThresholdSettings {
  readonly threshold: number;
}

/** Threshold: y = 1 where x > `threshold`, else 0; no gradient. Source: Caffe's `threshold_layer.cpp`. */
export const threshold = layerKernel({
  type: 'Threshold',
  keepsFinite: true,
  bottoms: 1,
  tops: 1,
  fields: { threshold_param: read('threshold') },
  settings: ({ threshold_param: { threshold = 0 } = {} }): ThresholdSettings => ({ threshold }),
  lower({ g, settings, bottoms }) {
    const limit = g.scalar(settings.threshold);
    return { tops: [ops.indicator(g, ops.greater(g, bottoms[0]!, limit))] };
  },
});
