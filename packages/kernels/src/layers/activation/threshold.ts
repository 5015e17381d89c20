import { read } from '@caffe-quant/caffe-io';
import * as ops from '../../graph/ops.ts';
import type { LayerKernel } from '../layer.ts';

/** Threshold: y = 1 where x > `threshold`, else 0; no gradient. Source: Caffe's `threshold_layer.cpp`. */
export const threshold: LayerKernel = {
  type: 'Threshold',
  bottoms: 1,
  tops: 1,
  fields: { threshold_param: { ...read('threshold') } },
  lower({ g, layer, bottoms }) {
    const limit = g.scalar(layer.threshold_param?.threshold ?? 0);
    return { tops: [ops.indicator(g, ops.greater(g, bottoms[0]!, limit))] };
  },
};
