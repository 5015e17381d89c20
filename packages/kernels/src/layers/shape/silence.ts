import { atLeast } from '@caffe-quant/caffe-io';
import type { LayerKernel } from '../layer.ts';

/** Silence: uses its bottoms up and makes nothing of them. Source: Caffe's `silence_layer.cpp`. */
export const silence: LayerKernel = {
  type: 'Silence',
  bottoms: atLeast(1),
  tops: 0,
  fields: {},
  lower: () => ({ tops: [] }),
};
