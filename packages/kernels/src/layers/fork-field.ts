import type { LayerParameter } from '@caffe-quant/caffe-io';

/**
 * A field that BVLC's and AMCT's LayerParameter do not have: it is there if the prototxt was read in the dialect of a
 * fork that has it. `owner` may also be a message of a layer.
 */
export function forkField<T>(owner: LayerParameter | object | undefined, name: string): T | undefined {
  return (owner as Record<string, unknown> | undefined)?.[name] as T | undefined;
}
