import type { NetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError, internalError } from 'caffe-prototxt-parser';
import { scoreBlob } from '../evaluate/evaluate.ts';
import { OutputNoise } from '../evaluate/output-noise.ts';
import type { Shape } from '../graph/graph-builder.ts';
import { computedOutputs } from '../net/computed-outputs.ts';
import type { DeviceUse } from '../net/kept-checks.ts';
import type { Batch } from '../net/net-data.ts';
import type { NetWeights } from '../net/net-params.ts';
import { NetRunner } from '../net/net-runner.ts';

export interface SameNet extends DeviceUse {
  graph: NetGraph;
  inputShapes: ReadonlyMap<string, Shape>;
  /** Two sets of weights with which the net should compute the same. */
  before: NetWeights;
  after: NetWeights;
  batch: Batch;
}

/** Rounding in float32 leaves more than this of any net; in dB. */
const LEAST_SQNR = 60;

/**
 * How well a float net with other weights says what it said, on one batch.
 *
 * @returns the signal-to-noise ratio of its outputs in dB (of the class scores where it has them; the lowest of several)
 * @throws DiagnosticsError where that is not rounding: an internal error, since the weights were to mean the same
 */
export async function keptOutputs({
  graph,
  inputShapes,
  before,
  after,
  batch,
  device,
  checks,
}: SameNet): Promise<number> {
  const scores = scoreBlob(graph);
  const outputs = scores === undefined ? computedOutputs(graph).map(({ id }) => id) : [scores];
  const run = async (weights: NetWeights) => {
    const runner = await NetRunner.create({ graph, inputShapes, weights, outputs, device, checks });
    try {
      return await runner.run(batch);
    } finally {
      await runner.close();
    }
  };
  const noise = new OutputNoise(outputs);
  noise.add(await run(before), await run(after));
  const sqnr = Math.min(...Object.values(noise.ratios()));
  if (sqnr < LEAST_SQNR) {
    const message = `cross-layer equalization changed what the net computes: ${sqnr.toFixed(1)} dB`;
    throw new DiagnosticsError([internalError(message, { code: 'equalization', file: graph.file })]);
  }
  return sqnr;
}
