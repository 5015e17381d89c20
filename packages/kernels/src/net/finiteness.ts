import type { BlobVersion, GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { Device } from '../graph/device.ts';
import { channelDot } from '../graph/channel-affine.ts';
import { hiddenInputs } from '../graph/hidden-inputs.ts';
import * as ops from '../graph/ops.ts';
import { traitOf } from '../layers/layer-traits.ts';
import { layerTypeOf } from '../layers/registry.ts';
import type { LoweredNet } from './lower-net.ts';

const shows = ({ type, param }: GraphLayer): boolean => traitOf(layerTypeOf(type), 'showsNotFinite', param);

const keeps = ({ type, param }: GraphLayer): boolean => traitOf(layerTypeOf(type), 'keepsFinite', param);

/** The layers that some blobs are computed by, in net order. */
export function layersBehind(graph: NetGraph, blobs: readonly string[]): GraphLayer[] {
  const wanted = new Set(blobs);
  const found: GraphLayer[] = [];
  for (const layer of [...graph.layers].reverse()) {
    if (!layer.tops.some(({ id }) => wanted.has(id))) continue;
    found.unshift(layer);
    for (const { id } of layer.bottoms) wanted.add(id);
  }
  return found;
}

/**
 * A number that is finite only if no element of what `blobs` are computed by is NaN or infinite, themselves included:
 * the sum of the elements of as few blobs as tell it. Where it is not finite, an element is, or the sum is beyond
 * float32. Sums are what no kernel of onnxruntime loses a NaN in: ReduceMax and MaxPool do.
 *
 * @param blobs ids of blobs of the net
 * @param device other ones than `cpu` may make a number of a NaN in any layer, as WebGPU does in ReLU: every blob is checked, and
 *   what such operators take within layers, of whatever the graph has so far
 */
export function finiteness(
  g: GraphBuilder,
  net: LoweredNet,
  blobs: readonly string[],
  device: Device = 'cpu',
): Value | undefined {
  const checked = blobsToCheck(net, blobs, device);
  const known = new Set(checked.map(({ name }) => name));
  const hidden = device === 'cpu' ? [] : hiddenInputs(g).filter(({ name }) => !known.has(name));
  const sums = [...checked.map((value) => probeOf(g, value)), ...hidden.map((value) => sumOf(g, value))];
  return sums.length === 0 ? undefined : ops.sum(g, sums);
}

/** Of a blob that is not finite either it is checked itself, or what is computed of it is not finite. */
function blobsToCheck(net: LoweredNet, blobs: readonly string[], device: Device): Value[] {
  const wanted = new Set(blobs);
  const layers = layersBehind(net.graph, blobs);
  const quantized = new Set(net.layers.filter(({ quantizer }) => quantizer !== undefined).map(({ layer }) => layer));
  const isHidden = (blob: BlobVersion): boolean =>
    device !== 'cpu' ||
    wanted.has(blob.id) ||
    layers.some(
      (layer) => layer.bottoms.includes(blob) && (!shows(layer) || (quantized.has(layer) && layer.bottoms[0] === blob)),
    );
  const sound = new Set<BlobVersion>();
  const checked: Value[] = [];
  for (const layer of layers) {
    const isSound = layer.bottoms.length > 0 && keeps(layer) && layer.bottoms.every((bottom) => sound.has(bottom));
    for (const top of layer.tops) {
      const value = net.blobs.get(top.id);
      // Made behind the graph, or of whole numbers.
      if (value?.type !== 'float') continue;
      if (isSound) sound.add(top);
      else if (isHidden(top)) {
        sound.add(top);
        checked.push(value);
      }
    }
  }
  return checked;
}

/**
 * A number that is not finite where an element of `value` is not. Where that is an affine map, it is made of what the map is
 * given, so that the map itself need not be computed: a scaled sum of squares, beyond float32 where an element is above 1e19.
 */
function probeOf(g: GraphBuilder, value: Value): Value {
  const form = g.affineForm(value);
  if (!form) return sumOf(g, value);
  const { x, scale, shift } = form;
  const square = (vector: Value) => ops.mul(g, vector, vector);
  const squares = channelDot(g, x, x);
  const ofMap = sumOf(g, scale ? ops.mul(g, square(scale), squares) : squares);
  return shift ? ops.add(g, ofMap, sumOf(g, square(shift))) : ofMap;
}

/** The sum of all elements, for which no copy is made of what lies in the caller's memory: its last bits do not matter. */
export function sumOf(g: GraphBuilder, x: Value): Value {
  if (x.shape.length === 0) return x;
  return g.op('ReduceSum', [g.blockedForm(x) ?? x, g.ints(ops.allAxes(x))], { keepdims: 0 }, []);
}
