import type { NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import type { Shape } from '../graph/graph-builder.ts';
import { computedOutputs } from '../net/computed-outputs.ts';
import type { Batch } from '../net/net-data.ts';
import type { DeviceUse } from '../net/kept-checks.ts';
import type { NetWeights } from '../net/net-params.ts';
import { NetRunner } from '../net/net-runner.ts';
import { scoreBlob } from './evaluate.ts';
import { OutputNoise } from './output-noise.ts';

export interface SensitivityOptions extends DeviceUse {
  /** The TEST net. */
  graph: NetGraph;
  inputShapes: ReadonlyMap<string, Shape>;
  weights: NetWeights;
  plan: CanonicalPlan;
  /** Of every quantizer. */
  clips: ReadonlyMap<string, ClipRange>;
  batch: Batch;
  /** Told after the first layer how long the others will take, in milliseconds. */
  onEstimate?: (milliseconds: number, layers: number) => void;
}

/**
 * What each quantized layer costs by itself: the net with this layer quantized and all others float, against the float net
 * with the same weights, on one batch. One graph serves all layers; biases stay float.
 *
 * @returns by layer, the signal-to-noise ratio of the outputs in dB (of the class scores where the net has them; the lowest
 *   of several outputs): the lower, the more this layer's quantization changes what the net says
 */
export async function layerSensitivity(options: SensitivityOptions): Promise<Map<string, number>> {
  const { graph, weights, clips, batch, inputShapes, device, checks, onEstimate } = options;
  const known = new Set(graph.layers.map(({ name }) => name));
  const layers = options.plan.layers.filter(({ name, quantizer }) => known.has(name) && clips.has(quantizer));
  const scores = scoreBlob(graph);
  const outputs = scores === undefined ? computedOutputs(graph).map(({ id }) => id) : [scores];
  const plan = { ...options.plan, layers, int32Biases: false };
  const net = { graph, weights, inputShapes, outputs, device, checks, plan, clips };
  const runner = await NetRunner.create({ ...net, stateless: true, quantized: new Set() });
  try {
    // A device's first run is what it is checked by.
    if (device !== undefined && device !== 'cpu') {
      runner.quantizeOnly(new Set(layers.map(({ name }) => name)));
      await runner.run(batch);
      runner.quantizeOnly(new Set());
    }
    const float = await runner.run(batch);
    const ratios = new Map<string, number>();
    const startedAt = performance.now();
    for (const { name } of layers) {
      runner.quantizeOnly(new Set([name]));
      const noise = new OutputNoise(outputs);
      noise.add(float, await runner.run(batch));
      ratios.set(name, Math.min(...Object.values(noise.ratios())));
      // The run before has waited for memory.
      if (ratios.size === 1) onEstimate?.((performance.now() - startedAt) * (layers.length - 1), layers.length);
    }
    return ratios;
  } finally {
    await runner.close();
  }
}
