import type { ClipRange } from '@caffe-quant/resolver';

/** `ranges.json`: where the range of each data quantizer starts, by its name. */
export type StartRanges = Record<string, ClipRange>;
