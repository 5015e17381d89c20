/** One layer that can be quantized, with what the config says about it under one reading. */
import type { BlobVersion, GraphLayer } from '@caffe-quant/caffe-io';
import type { ConfigIndex } from './config-index.ts';
import type { InputOrigin } from './input-origin.ts';
import { settingsOf } from './layer-settings.ts';
import type { LayerSettings } from './layer-settings.ts';
import type { Compat } from './plan.ts';
import { readLayer } from './reading.ts';
import type { Reading } from './reading.ts';

export interface ResolvedLayer {
  layer: GraphLayer;
  origin: InputOrigin;
  reading: Reading;
  settings: LayerSettings;
}

export function resolveLayer(
  layer: GraphLayer,
  index: ConfigIndex,
  compat: Compat,
  originOf: (blob: BlobVersion) => InputOrigin,
): ResolvedLayer {
  const reading = readLayer(layer.name, layer.type, index, compat);
  const bottom = layer.bottoms[0];
  const origin: InputOrigin = bottom ? originOf(bottom) : { kind: 'other' };
  return { layer, origin, reading, settings: settingsOf(reading, layer.type, origin) };
}
