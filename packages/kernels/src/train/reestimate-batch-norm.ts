import { createMessage, type NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import type { Shape } from '../graph/graph-builder.ts';
import type { DeviceUse } from '../net/kept-checks.ts';
import type { NetWeights } from '../net/net-params.ts';
import { NetRunner } from '../net/net-runner.ts';

export interface ReestimateOptions extends DeviceUse {
  /** The TRAIN net. */
  graph: NetGraph;
  inputShapes: ReadonlyMap<string, Shape>;
  weights: NetWeights;
  /** Absent: the float net's statistics. */
  plan?: CanonicalPlan;
  clips?: ReadonlyMap<string, ClipRange>;
  /** Batches that the statistics are taken of. */
  batches: number;
  batch: (index: number) => Promise<ReadonlyMap<string, Float32Array>>;
  /** Of Dropout's masks. */
  seed?: number;
}

/**
 * Takes the statistics of all BatchNorm layers anew after training: forward passes over `batches` batches of the TRAIN
 * net with its final weights and ranges, each batch counting alike (Caffe's moving average with a fraction of 1, from 0).
 * Training with quantizers leaves moving averages of weights that are no longer there; see Nagel et al., "Overcoming
 * Oscillations in Quantization-Aware Training", 2022, section 5.
 *
 * @returns the weights, with other blobs for the BatchNorm layers; the same where the net has none
 */
export async function reestimateBatchNorm(options: ReestimateOptions): Promise<NetWeights> {
  const { weights, plan, clips } = options;
  const graph = withPlainAverages(options.graph);
  const statistics = new Map(
    graph.layers
      .filter(({ type }) => type === 'BatchNorm')
      .map(({ name }) => [name, weights.get(name)!.map(({ length }) => new Float32Array(length))]),
  );
  if (statistics.size === 0) return weights;
  const runner = await NetRunner.create({
    ...{ graph, inputShapes: options.inputShapes, weights: new Map([...weights, ...statistics]), outputs: [] },
    ...(plan && clips && { plan, clips }),
    updatesStatistics: true,
    seed: options.seed ?? 0,
    device: options.device,
    checks: options.checks,
  });
  try {
    for (let index = 0; index < options.batches; index++) await runner.run(await options.batch(index));
    const estimated = runner.statistics();
    for (const { key, layer, index } of runner.net.params) {
      const blob = estimated.get(key);
      if (blob) statistics.get(layer)![index]!.set(blob);
    }
  } finally {
    await runner.close();
  }
  return new Map([...weights, ...statistics]);
}

/** The net with every BatchNorm on the statistics of each batch, summed up without forgetting. */
function withPlainAverages(graph: NetGraph): NetGraph {
  const layers = graph.layers.map((layer) => {
    if (layer.type !== 'BatchNorm') return layer;
    const given = layer.param.batch_norm_param ?? createMessage('BatchNormParameter');
    const batch_norm_param = { ...given, use_global_stats: false, moving_average_fraction: 1 };
    return { ...layer, param: { ...layer.param, batch_norm_param } };
  });
  return { ...graph, layers };
}
