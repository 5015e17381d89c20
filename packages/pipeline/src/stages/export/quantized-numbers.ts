import type { LayerResult } from '@caffe-quant/report';

/** `quantized.json`: range, scales and offset of each quantized layer in the exported models, by its name. */
export type QuantizedNumbers = Record<
  string,
  Pick<
    LayerResult,
    'quantizer' | 'clip' | 'scaleD' | 'offsetD' | 'scaleW' | 'channelWise' | 'deadChannels' | 'coarseChannels'
  >
>;
