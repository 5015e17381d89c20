import type { NetSource } from '../net/editable-net.ts';
import type { NetShapes, WeightTable } from '../net/infer-shapes.ts';
import { floatBlobs } from './retrain-model.ts';
import { weightsOf } from './write-weights.ts';

/** The inference net with the trained weights in float: a plain Caffe model, without any trace of quantization. */
export function caffeModel(
  source: NetSource,
  net: NetShapes,
  weights: WeightTable,
): { prototxt: string; caffemodel: Uint8Array } {
  const caffemodel = weightsOf(source, (layer) => floatBlobs(net.layers.get(layer.name ?? ''), weights));
  return { prototxt: source.text, caffemodel };
}
