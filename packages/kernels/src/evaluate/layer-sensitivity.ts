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
}

/**
 * What each quantized layer costs by itself: the net with this layer quantized and all others float, against the float net
 * with the same weights, on one batch.
 *
 * @returns by layer, the signal-to-noise ratio of the outputs in dB (of the class scores where the net has them; the lowest
 *   of several outputs): the lower, the more this layer's quantization changes what the net says
 */
export async function layerSensitivity(options: SensitivityOptions): Promise<Map<string, number>> {
  const { graph, weights, plan, clips, batch, inputShapes, device, checks } = options;
  const scores = scoreBlob(graph);
  const outputs = scores === undefined ? computedOutputs(graph).map(({ id }) => id) : [scores];
  const run = async (layers: CanonicalPlan['layers']) => {
    const used = new Set(layers.map(({ quantizer }) => quantizer));
    const own = new Map([...clips].filter(([name]) => used.has(name)));
    const quantized = { plan: { ...plan, layers }, clips: own };
    const runner = await NetRunner.create({ graph, weights, inputShapes, outputs, device, checks, ...quantized });
    try {
      return await runner.run(batch);
    } finally {
      await runner.close();
    }
  };
  const float = await run([]);
  const ratios = new Map<string, number>();
  for (const layer of plan.layers.filter(({ name }) => graph.layers.some((each) => each.name === name))) {
    const noise = new OutputNoise(outputs);
    noise.add(float, await run([layer]));
    ratios.set(layer.name, Math.min(...Object.values(noise.ratios())));
  }
  return ratios;
}
