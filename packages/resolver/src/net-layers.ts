/** The layers of a net's TRAIN and TEST form in one list, in net order, each with the reason if it cannot be quantized. */
import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
import { forLayer } from '@caffe-quant/kernels/layer-types';
import type { Compat } from './plan.ts';
import { whyNotQuantizable } from './quantizable.ts';

export interface NetLayer {
  layer: GraphLayer;
  /** Absent where the layer can be quantized. */
  whyNot?: string;
  /** Its own parameters allow it, but it is not part of both nets. */
  onlyIn?: 'TRAIN' | 'TEST';
}

export interface NetLayersInput {
  train: NetGraph;
  /** Absent: the net has one form only. */
  test?: NetGraph;
  compat: Compat;
  /** Per layer name, the shape of its first blob. */
  weightShapes?: ReadonlyMap<string, readonly number[]>;
}

/** @throws DiagnosticsError for a layer whose settings make no sense */
export function netLayers(input: NetLayersInput): NetLayer[] {
  const { train, test } = input;
  const whyNotIn = (net: NetGraph) => (layer: GraphLayer) =>
    forLayer(net, layer, () => whyNotQuantizable(layer, input.compat, input.weightShapes?.get(layer.name)));
  const whyNot = whyNotIn(train);
  if (!test) return train.layers.map((layer) => joined(layer, whyNot(layer)));
  const whyNotInTest = whyNotIn(test);
  const trainNames = new Set(train.layers.map((layer) => layer.name));
  const inTest = new Map(test.layers.map((layer) => [layer.name, layer]));
  const testOnly = test.layers.filter((layer) => !trainNames.has(layer.name));
  const layers: NetLayer[] = [];
  for (const layer of train.layers) {
    const counterpart = inTest.get(layer.name);
    while (testOnly[0] && comesBefore(testOnly[0], layer, counterpart, train.file === test.file)) {
      layers.push(onlyInTest(testOnly.shift() as GraphLayer, whyNotInTest));
    }
    layers.push(trained(layer, counterpart, whyNot(layer)));
  }
  return [...layers, ...testOnly.map((layer) => onlyInTest(layer, whyNotInTest))];
}

/** By line where both nets are one file, else by the order of the TEST net. */
function comesBefore(
  testOnly: GraphLayer,
  layer: GraphLayer,
  counterpart: GraphLayer | undefined,
  oneFile: boolean,
): boolean {
  if (oneFile && testOnly.line !== undefined && layer.line !== undefined) return testOnly.line < layer.line;
  return counterpart !== undefined && testOnly.index < counterpart.index;
}

function trained(layer: GraphLayer, inTest: GraphLayer | undefined, whyNot: string | undefined): NetLayer {
  if (whyNot !== undefined) return { layer, whyNot };
  if (!inTest) return { layer, whyNot: 'it is not in the TEST net, so it is gone after training', onlyIn: 'TRAIN' };
  return inTest.type === layer.type ? { layer } : { layer, whyNot: `it is a ${inTest.type} in the TEST net` };
}

function onlyInTest(layer: GraphLayer, whyNot: (layer: GraphLayer) => string | undefined): NetLayer {
  const reason = whyNot(layer);
  if (reason !== undefined) return { layer, whyNot: reason };
  return { layer, whyNot: 'it is not in the TRAIN net, so nothing can be learned for it', onlyIn: 'TEST' };
}

function joined(layer: GraphLayer, whyNot: string | undefined): NetLayer {
  return whyNot === undefined ? { layer } : { layer, whyNot };
}
