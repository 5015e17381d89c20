/** The settings that a reading of the config gives a layer, with defaults and limits of its type applied. */
import type { ClipRange } from '@caffe-quant/kernels/layer-types';
import type { ClipSettings, Located } from '@caffe-quant/config';
import type { InputOrigin } from './input-origin.ts';
import { hasOutputChannels, hasWeights } from './quantizable.ts';
import type { Reading } from './reading.ts';

export interface LayerSettings {
  /** Absent: IFMR. */
  clip?: ClipRange;
  /** Where the clip range was written. */
  clipAt?: ClipSettings;
  fixedMin: boolean;
  /** Present where the config says it, not the layer's input. */
  fixedMinAt?: Located<boolean>;
  /** false where the layer has no weights. */
  channelWise: boolean;
  /** Present where the config says it, whatever came of it. */
  channelWiseAt?: Located<boolean>;
}

/** Per-channel weights by default where there are output channels; never on an InnerProduct. */
export function channelWiseDefault(type: string): boolean {
  return hasOutputChannels(type);
}

/** `channel_wise: true` is not possible on this type. */
export function cannotBeChannelWise(type: string): boolean {
  return !hasOutputChannels(type) || !hasWeights(type);
}

export function settingsOf(reading: Reading, type: string, origin: InputOrigin): LayerSettings {
  const clipAt = reading.data.half?.clip;
  const fixedMinAt = reading.data.half?.fixedMin;
  const channelWiseAt = reading.weight.half?.channelWise;
  return {
    ...(clipAt && { clipAt, clip: { max: clipAt.max.value, min: clipAt.min.value } }),
    fixedMin: fixedMinAt?.value ?? origin.kind === 'relu',
    ...(fixedMinAt && { fixedMinAt }),
    channelWise: !cannotBeChannelWise(type) && (channelWiseAt?.value ?? channelWiseDefault(type)),
    ...(channelWiseAt && { channelWiseAt }),
  };
}

/** Equal as far as training is concerned: wherever the values come from. */
export function sameSettings(a: LayerSettings, b: LayerSettings): boolean {
  return a.fixedMin === b.fixedMin && a.channelWise === b.channelWise && sameClip(a.clip, b.clip);
}

export function sameClip(a: ClipRange | undefined, b: ClipRange | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.max === b.max && a.min === b.min);
}
