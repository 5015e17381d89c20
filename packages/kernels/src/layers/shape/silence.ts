import { atLeast } from '@caffe-quant/caffe-io';
import { layerKernel } from '../layer.ts';

/** Silence: uses its bottoms up and makes nothing of them. Source: Caffe's `silence_layer.cpp`. */
export const silence = layerKernel({
  type: 'Silence',
  bottoms: atLeast(1),
  tops: 0,
  fields: {},
  lower: () => ({ tops: [] }),
});
