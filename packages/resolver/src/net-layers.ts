/** The layers of a net's TRAIN and TEST form in one list, in net order, each with the reason if it cannot be quantized. */
import type { GraphLayer, NetGraph } from '@caffe-quant/caffe-io';
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

export function netLayers({ train, test, compat, weightShapes }: NetLayersInput): NetLayer[] {
  const testTypes = test && new Map(test.layers.map((layer) => [layer.name, layer.type]));
  const judge = (layer: GraphLayer): NetLayer => {
    const whyNot = whyNotQuantizable(layer, compat, weightShapes?.get(layer.name));
    if (whyNot !== undefined) return { layer, whyNot };
    const testType = testTypes ? testTypes.get(layer.name) : layer.type;
    if (testType === undefined) {
      return { layer, whyNot: 'it is not in the TEST net, so it is gone after training', onlyIn: 'TRAIN' };
    }
    return testType === layer.type ? { layer } : { layer, whyNot: `it is a ${testType} in the TEST net` };
  };
  const layers: NetLayer[] = [];
  const trainNames = new Set(train.layers.map((layer) => layer.name));
  const testLayers = test?.layers ?? [];
  let next = 0;
  const takeTestOnly = (until: string | undefined): void => {
    while (next < testLayers.length && testLayers[next]?.name !== until) {
      const layer = testLayers[next++] as GraphLayer;
      if (trainNames.has(layer.name)) continue;
      const whyNot = whyNotQuantizable(layer, compat, weightShapes?.get(layer.name));
      layers.push({
        layer,
        whyNot: whyNot ?? 'it is not in the TRAIN net, so nothing can be learned for it',
        ...(whyNot === undefined && { onlyIn: 'TEST' as const }),
      });
    }
  };
  for (const layer of train.layers) {
    if (testTypes?.has(layer.name)) takeTestOnly(layer.name);
    layers.push(judge(layer));
  }
  takeTestOnly(undefined);
  return layers;
}
