import type { Blob } from '@caffe-quant/caffe-io';
import { EditableNet, type NetSource } from '../net/editable-net.ts';
import type { NetShapes, WeightTable } from '../net/infer-shapes.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';
import { insertQuantAndDequant } from './insert-layers.ts';
import { floatBlobs } from './retrain-model.ts';
import { floatBlob, weightsOf } from './write-weights.ts';

export interface FakeQuantInput {
  source: NetSource;
  layers: readonly QuantizedLayer[];
  /** All phases of the net. */
  nets: readonly NetShapes[];
  weights: WeightTable;
}

/**
 * AMCT's fake-quant model, for measuring the accuracy in a Caffe with AMCT's layers: Quant, the layer with its
 * fake-quantized weights in float, DeQuant. Data, loss and accuracy layers stay as they are. Biases stay float;
 * BatchNorm stays behind the layers, as training had it.
 */
export function fakeQuantModel({ source, layers, nets, weights: table }: FakeQuantInput): {
  prototxt: string;
  caffemodel: Uint8Array;
} {
  const net = EditableNet.open(source);
  const trained = layers.map((layer) => ({ ...layer, ...layer.folded?.trained }));
  insertQuantAndDequant(net, trained);
  // Weights whose scale gave way to the layer's own bias are not those of the layers that share them.
  const coarse = new Set(trained.filter(({ weights }) => weights?.coarseChannels).map(({ name }) => name));
  for (const layer of net.layers) if (coarse.has(layer.param.name ?? '')) net.unshare(layer);
  const prototxt = net.text();
  const quantized = new Map(trained.map((layer) => [layer.name, layer]));
  const measured = new Map(nets.flatMap((each) => [...each.layers]));
  const caffemodel = weightsOf({ text: prototxt, file: source.file }, (layer) => {
    if (layer.type === 'DeQuant') return dequantBlobs(quantized.get(layer.dequant_param?.object_layer ?? ''));
    const blobs = floatBlobs(measured.get(layer.name ?? ''), table);
    const kernel = quantized.get(layer.name ?? '')?.weights;
    return kernel ? [floatBlob(kernel.shape, kernel.fake), ...blobs.slice(1)] : blobs;
  });
  return { prototxt, caffemodel };
}

/** deqscale, shift_bit and offset_w of a DeQuant layer in float. */
function dequantBlobs(layer: QuantizedLayer | undefined): Blob[] {
  if (!layer) return [];
  const { deqscale } = layer;
  const zeros = new Float32Array(deqscale.length);
  return [deqscale, zeros, zeros].map((values) => floatBlob([deqscale.length], values));
}
