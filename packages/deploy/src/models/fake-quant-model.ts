import type { Blob } from '@caffe-quant/caffe-io';
import type { BatchNormFold } from '@caffe-quant/kernels/layer-types';
import { EditableNet, type NetSource } from '../net/editable-net.ts';
import type { LayerShapes, NetShapes, WeightTable } from '../net/infer-shapes.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';
import { insertQuantAndDequant } from './insert-layers.ts';
import { floatBlobs } from './retrain-model.ts';
import { roundedBiases } from './rounded-biases.ts';
import { floatBlob, weightsOf } from './write-weights.ts';

export interface FakeQuantInput {
  source: NetSource;
  layers: readonly QuantizedLayer[];
  /** All phases of the net. */
  nets: readonly NetShapes[];
  weights: WeightTable;
  /** What is folded into the quantized layers in the deployed models, by their names. */
  folds: ReadonlyMap<string, BatchNormFold>;
}

/**
 * AMCT's fake-quant model, for measuring the accuracy in a Caffe with AMCT's layers: Quant, the layer with its
 * fake-quantized weights in float, DeQuant. Data, loss and accuracy layers stay as they are. BatchNorm stays behind the layers,
 * as training had it. Biases are those that the int32 ones of the deploy model stand for (AMCT's stay float here), so that the
 * two differ by float rounding alone.
 */
export function fakeQuantModel({ source, layers, nets, weights: table, folds }: FakeQuantInput): {
  prototxt: string;
  caffemodel: Uint8Array;
} {
  const net = EditableNet.open(source);
  const trained = layers.map((layer) => ({ ...layer, ...layer.folded?.trained }));
  insertQuantAndDequant(net, trained);
  const measured = new Map(nets.flatMap((each) => [...each.layers]));
  const biases = roundedBiases(layers, folds, table);
  // Numbers that follow from a layer's own scales are not those of the layers that share them.
  const own = new Set(trained.filter(({ weights }) => weights?.coarseChannels).map(({ name }) => name));
  for (const [name, { index }] of biases) if (isShared(measured, name, index)) own.add(name);
  for (const layer of net.layers) if (own.has(layer.param.name ?? '')) net.unshare(layer);
  const prototxt = net.text();
  const quantized = new Map(trained.map((layer) => [layer.name, layer]));
  const caffemodel = weightsOf({ text: prototxt, file: source.file }, (layer) => {
    if (layer.type === 'DeQuant') return dequantBlobs(quantized.get(layer.dequant_param?.object_layer ?? ''));
    const name = layer.name ?? '';
    const kernel = quantized.get(name)?.weights;
    const changed = biases.get(name);
    return floatBlobs(measured.get(name), table).map((blob, index) => {
      if (index === 0 && kernel) return floatBlob(kernel.shape, kernel.fake);
      return index === changed?.index ? floatBlob(blob.shape, changed.data) : blob;
    });
  });
  return { prototxt, caffemodel };
}

/** Whether another layer has the same blob. */
function isShared(layers: ReadonlyMap<string, LayerShapes>, name: string, index: number): boolean {
  const blob = layers.get(name)?.params[index];
  const users = [...layers.values()].filter(({ params }) => params.some(({ key }) => key === blob?.key));
  return users.length > 1;
}

/** deqscale, shift_bit and offset_w of a DeQuant layer in float. */
function dequantBlobs(layer: QuantizedLayer | undefined): Blob[] {
  if (!layer) return [];
  const { deqscale } = layer;
  const zeros = new Float32Array(deqscale.length);
  return [deqscale, zeros, zeros].map((values) => floatBlob([deqscale.length], values));
}
