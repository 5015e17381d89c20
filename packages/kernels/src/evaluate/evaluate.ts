import { type GraphLayer, type NetGraph, settingsOf } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { accuracy } from '../layers/metric/accuracy.ts';
import { computedOutputs } from '../net/computed-outputs.ts';
import type { NetData, Batch } from '../net/net-data.ts';
import { NetRunner, type NetRunnerOptions, type RunOutput } from '../net/net-runner.ts';
import type { DeviceUse } from '../net/kept-checks.ts';
import type { NetWeights } from '../net/net-params.ts';
import type { ApVersion } from './average-precision.ts';
import { MetricSums, netMetrics } from './metrics.ts';
import { RecordGroups, type GroupMetrics } from './record-groups.ts';
import { OutputNoise } from './output-noise.ts';

/** How a net did on a data set. */
export interface Evaluation {
  records: number;
  /** By the names of `netMetrics`: accuracies, losses, mean average precisions over the records. */
  metrics: Record<string, number>;
  /** The same of groups of successive records. */
  groups: GroupMetrics[];
  /** Index of the highest score of each row of scores, the first of equals; absent where the net has no such rows. */
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
    settings: DeviceUse & Pick<NetRunnerOptions, 'plan' | 'clips' | 'override'> = {},
  ): RunnerFactory =>
  (inputShapes, outputs) =>
    NetRunner.create({ graph, weights, inputShapes, outputs, ...settings });

export interface EvaluationOptions {
  /**
   * Another model of the net, where its outputs are to be compared: they give further metrics, the signal-to-noise ratios
   * of the outputs.
   */
  reference?: RunnerFactory | undefined;
  /** How average precision is taken; default: `Integral`. */
  apVersion?: ApVersion | undefined;
  /** Told after the second batch how long the others will take, in milliseconds. */
  onEstimate?: ((milliseconds: number) => void) | undefined;
}

/**
 * Runs a TEST net over its whole data set, each record once: the last batch is smaller where the batch size does not
 * divide the number of records.
 * @throws DiagnosticsError where a blob or a metric is not finite
 */
export async function evaluate(
  graph: NetGraph,
  data: EvaluationData,
  createRunner: RunnerFactory,
  { reference, apVersion, onEstimate }: EvaluationOptions = {},
): Promise<Evaluation> {
  const metrics = netMetrics(graph);
  const scores = scoreBlob(graph);
  const compared = reference ? computedOutputs(graph).map(({ id }) => id) : [];
  const outputs = [...new Set([...metrics.map(({ blob }) => blob), ...(scores ? [scores] : []), ...compared])];
  const sums = new MetricSums(metrics, apVersion);
  const noise = new OutputNoise(compared);
  const predictions: number[] = [];
  const records = data.recordCount;
  const size = Math.min(data.batchSize, records);
  const groups = new RecordGroups(metrics, Math.ceil(records / size));
  let secondAt = 0;
  let runners: { size: number; model: BatchRunner; reference: BatchRunner | undefined } | undefined;
  const close = async () => {
    await runners?.model.close();
    await runners?.reference?.close();
    runners = undefined;
  };
  try {
    for (let start = 0; start < records; start += size) {
      const count = Math.min(size, records - start);
      if (runners?.size !== count) {
        await close();
        const shapes = data.inputShapes(count);
        const model = await createRunner(shapes, outputs);
        runners = { size: count, model, reference: await reference?.(shapes, compared) };
      }
      const batch = await data.records(start, count);
      const blobs = await runners.model.run(batch);
      sums.add(blobs, count);
      groups.add(start / size, blobs, count);
      if (runners.reference) noise.add(await runners.reference.run(batch), blobs);
      if (scores && isRows(blobs.get(scores)!)) predictions.push(...argmaxRows(blobs.get(scores)!));
      // The first one has waited for memory.
      if (start === 0) secondAt = performance.now();
      else if (start === size) onEstimate?.((performance.now() - secondAt) * (records / size - 2));
    }
  } finally {
    await close();
  }
  const values = { ...sums.values(), ...noise.ratios() };
  checkMetrics(graph, values);
  return {
    records,
    metrics: values,
    groups: groups.values(),
    ...(predictions.length > 0 && { predictions: Int32Array.from(predictions) }),
  };
}

function checkMetrics(graph: NetGraph, values: Readonly<Record<string, number>>): void {
  const problems = Object.entries(values)
    .filter(([, value]) => !Number.isFinite(value))
    .map(([name, value]) => ({
      ...{ code: 'metric-not-finite', severity: 'error' as const, file: graph.file },
      message: `the metric '${name}' is ${value}: nothing can be compared by it`,
      hint: 'see which records of the test data make it so, or leave the layer out of the TEST net',
    }));
  if (problems.length > 0) throw new DiagnosticsError(problems);
}

/** The class scores: what Accuracy, else the softmax loss, reads; in a net without labels what a Softmax makes. */
export function scoreBlob(graph: NetGraph): string | undefined {
  for (const type of ['Accuracy', 'SoftmaxWithLoss']) {
    const layer = graph.layers.find((candidate) => candidate.type === type && !ofDistances(candidate));
    if (layer) return layer.bottoms[0]!.id;
  }
  const outputs = new Set(computedOutputs(graph));
  const softmax = graph.layers.find(({ type, tops }) => type === 'Softmax' && outputs.has(tops[0]!));
  return softmax?.tops[0]!.id;
}

/** An Accuracy that takes the lowest for the best. */
const ofDistances = ({ type, param }: GraphLayer): boolean =>
  type === accuracy.type && settingsOf(accuracy, param).best === 'lowest';

/** Whether scores are one row for each thing to classify, and not those of all pixels or anchors of an image. */
const isRows = ({ shape }: RunOutput): boolean => shape.length > 1 && elementCount(shape.slice(2)) === 1;

function argmaxRows({ data, shape: [rows = 0] }: RunOutput): number[] {
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
