import type { Blob } from '@caffe-quant/caffe-io';
import { EditableNet, type NetSource } from '../net/editable-net.ts';
import type { NetShapes, WeightTable } from '../net/infer-shapes.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';
import { packDeqscale } from './deqscale.ts';
import { type InsertedNames, insertQuantAndDequant } from './insert-layers.ts';
import { floatBlobs } from './retrain-model.ts';
import { floatBlob, integerBlob, weightsOf } from './write-weights.ts';

export interface DeployInput {
  /** The inference net. */
  source: NetSource;
  layers: readonly QuantizedLayer[];
  net: NetShapes;
  weights: WeightTable;
}

/**
 * AMCT's deploy model: as the fake-quant model, but with weights in int8 (`int8_data`), biases in int32 (`int32_data`) and
 * the factors of DeQuant packed (`uint64_data`). A Caffe cannot run it; AMCT's successors in the tool chain, and
 * `IntegerModel` here, can.
 */
export function deployModel({ source, layers, net: measured, weights }: DeployInput): {
  prototxt: string;
  caffemodel: Uint8Array;
  inserted: InsertedNames;
} {
  const net = EditableNet.openOwn(source, 'the inference net');
  const quantized = new Map(layers.map((layer) => [layer.name, layer]));
  const inserted = insertQuantAndDequant(net, layers);
  // Two layers with one bias have two int32 biases: theirs depend on the scale of their inputs.
  for (const layer of net.layers) if (quantized.has(layer.param.name ?? '')) net.unshare(layer);
  const prototxt = net.text();
  const caffemodel = weightsOf({ text: prototxt, file: source.file }, (layer) => {
    if (layer.type === 'DeQuant') return dequantBlobs(quantized.get(layer.dequant_param?.object_layer ?? ''));
    const found = quantized.get(layer.name ?? '');
    return found ? integerBlobs(found) : floatBlobs(measured.layers.get(layer.name ?? ''), weights);
  });
  return { prototxt, caffemodel, inserted };
}

function integerBlobs({ weights, bias }: QuantizedLayer): Blob[] {
  const blobs: Blob[] = [];
  if (weights) blobs.push(integerBlob(weights.shape, weights.quantized));
  if (bias) blobs.push(integerBlob([bias.quantized.length], bias.quantized));
  return blobs;
}

function dequantBlobs(layer: QuantizedLayer | undefined): Blob[] {
  if (!layer) return [];
  const shape = [layer.deqscale.length];
  const zeros = floatBlob(shape, new Float32Array(layer.deqscale.length));
  return [integerBlob(shape, packDeqscale(layer.deqscale)), zeros, zeros];
}
