import { buildNetGraph, type NetGraph, type NetParameter } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '@caffe-quant/kernels';
import { GoldenError } from './golden-set.ts';
import { parseNet } from './parse-net.ts';

/** How a trajectory quantizes one layer. */
export interface LayerQuantization {
  ifmr: boolean;
  fixed_min: boolean;
  channel_wise: boolean;
  clip_decay: number;
  clip_lr: number;
  clip_max?: number;
  clip_min?: number;
}

/** AMCT's quantization layers, whose place the plan takes here: each is taken out and its bottom passed on. */
const QUANTIZATION_LAYERS: ReadonlySet<string> = new Set(['ActivationQAT', 'WeightQAT']);

/** The float net of a trajectory's prototxt, in its TRAIN phase. */
export function floatGraph(text: string): NetGraph {
  const net = parseNet(text);
  const { graph } = buildNetGraph(withoutQuantization(net), { file: 'net.prototxt', phase: 'TRAIN' });
  return graph;
}

function withoutQuantization(net: NetParameter): NetParameter {
  const passed = new Map<string, string>();
  const layer = net.layer.flatMap((each) => {
    const bottom = each.bottom.map((name) => passed.get(name) ?? name);
    if (!QUANTIZATION_LAYERS.has(each.type ?? '')) return [{ ...each, bottom }];
    for (const top of each.top) passed.set(top, bottom[0] ?? top);
    return [];
  });
  return { ...net, layer };
}

/** The plan of a trajectory. */
export function trajectoryPlan(quant: Readonly<Record<string, LayerQuantization>>, graph: NetGraph): CanonicalPlan {
  const entries = Object.entries(quant).map(([name, settings]) => {
    const layer = graph.layers.find((candidate) => candidate.name === name);
    if (layer === undefined) throw new GoldenError(`it quantizes '${name}', which its net does not have`);
    return { name, settings, layer };
  });
  return {
    batchNum: 1,
    layers: entries.map(({ name, settings, layer }) => ({
      name,
      type: layer.type,
      quantizer: name,
      channelWise: settings.channel_wise,
    })),
    quantizers: entries.map(({ name, settings, layer }) => ({
      name,
      blob: layer.bottoms[0]!.id,
      layers: [name],
      ...(!settings.ifmr && {
        clip: { max: Math.fround(settings.clip_max!), min: Math.fround(settings.clip_min!) },
      }),
      fixedMin: settings.fixed_min,
      lrMult: settings.clip_lr,
      decayMult: settings.clip_decay,
    })),
  };
}
