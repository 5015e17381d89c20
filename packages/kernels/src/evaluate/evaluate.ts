import type { NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import type { NetData, Batch } from '../net/net-data.ts';
import { isDataLayer } from '../net/lower-net.ts';
import { NetRunner, type RunOutput } from '../net/net-runner.ts';
import type { NetWeights } from '../net/net-params.ts';

/** How a net did on a data set. */
export interface Evaluation {
  records: number;
  /** Mean of every scalar top of the TEST net over the records: accuracy, losses. */
  metrics: Record<string, number>;
  /** Index of the highest score of each record, the first of equals; absent where the net has no class scores. */
  predictions?: Int32Array;
}

/** What is evaluated on: the records of a NetData. */
export type EvaluationData = Pick<NetData, 'batchSize' | 'recordCount' | 'inputShapes' | 'records'>;

/** Anything that runs one batch of one size to blobs by their ids. */
export interface BatchRunner {
  run(batch: Batch): Promise<Map<string, RunOutput>>;
  close(): Promise<void>;
}

/** Makes a runner for batches of `inputShapes` that gives back the blobs `outputs`. */
export type RunnerFactory = (
  inputShapes: ReadonlyMap<string, Shape>,
  outputs: readonly string[],
) => Promise<BatchRunner>;

/** Runner of a float net, or with a plan and clip ranges of the fake-quantized one. */
export const netRunnerFactory =
  (
    graph: NetGraph,
    weights: NetWeights,
    quantization?: { plan: CanonicalPlan; clips: ReadonlyMap<string, ClipRange> },
  ): RunnerFactory =>
  (inputShapes, outputs) =>
    NetRunner.create({ graph, weights, inputShapes, outputs, ...quantization });

/**
 * Runs a TEST net over its whole data set, each record once: the last batch is smaller where the batch size does not
 * divide the number of records.
 */
export async function evaluate(
  graph: NetGraph,
  data: EvaluationData,
  createRunner: RunnerFactory,
): Promise<Evaluation> {
  const metrics = metricTops(graph);
  const scores = scoreBlob(graph);
  const outputs = [...new Set([...metrics, ...(scores ? [scores] : [])])];
  const sums = new Map<string, number>();
  const predictions: number[] = [];
  const records = data.recordCount;
  const size = Math.min(data.batchSize, records);
  let runner: { size: number; runner: BatchRunner } | undefined;
  try {
    for (let start = 0; start < records; start += size) {
      const count = Math.min(size, records - start);
      if (runner?.size !== count) {
        await runner?.runner.close();
        runner = { size: count, runner: await createRunner(data.inputShapes(count), outputs) };
      }
      const blobs = await runner.runner.run(await data.records(start, count));
      for (const top of metrics) {
        const { data: values, shape } = blobs.get(top)!;
        if (elementCount(shape) === 1) sums.set(top, (sums.get(top) ?? 0) + values[0]! * count);
      }
      if (scores) predictions.push(...argmaxRows(blobs.get(scores)!, count));
    }
  } finally {
    await runner?.runner.close();
  }
  return {
    records,
    metrics: Object.fromEntries([...sums].map(([top, sum]) => [top, sum / records])),
    ...(scores && { predictions: Int32Array.from(predictions) }),
  };
}

/** Blobs that nothing reads: Caffe prints those of a TEST net. Only scalars are metrics. */
function metricTops(graph: NetGraph): string[] {
  const read = new Set(graph.layers.flatMap((layer) => layer.bottoms.map(({ id }) => id)));
  return graph.layers
    .filter((layer) => !isDataLayer(layer))
    .flatMap((layer) => layer.tops.map(({ id }) => id))
    .filter((id) => !read.has(id));
}

/** The class scores: what Accuracy, else the softmax loss, reads. */
export function scoreBlob(graph: NetGraph): string | undefined {
  for (const type of ['Accuracy', 'SoftmaxWithLoss']) {
    const layer = graph.layers.find((candidate) => candidate.type === type);
    if (layer) return layer.bottoms[0]!.id;
  }
  return undefined;
}

function argmaxRows({ data }: RunOutput, rows: number): number[] {
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let i = 1; i < width; i++) if (data[row * width + i]! > data[row * width + best]!) best = i;
    return best;
  });
}

/** Share of records for which two models predict the same class. */
export function agreement(a: Int32Array, b: Int32Array): number {
  if (a.length !== b.length) throw new Error(`cannot compare ${a.length} with ${b.length} predictions`);
  return a.reduce((same, prediction, i) => same + (prediction === b[i] ? 1 : 0), 0) / Math.max(1, a.length);
}
