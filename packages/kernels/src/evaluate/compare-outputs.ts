import { isLossLayer, type BlobVersion, type NetGraph } from '@caffe-quant/caffe-io';
import { elementCount } from '../graph/graph-builder.ts';
import { isDataLayer, layerTypeOf } from '../layers/registry.ts';
import { computedOutputs, producerOf } from '../net/computed-outputs.ts';
import { DetectionAgreement } from './detection-agreement.ts';
import type { EvaluationData, RunnerFactory } from './evaluate.ts';
import { OutputNoise } from './output-noise.ts';

/** At most that many records are compared, and at most that many elements of inputs: images of 224 x 224 are 55. */
const MOST_RECORDS = 256;
const MOST_ELEMENTS = 2 ** 23;

/** How far two models of a net say the same. */
export interface OutputsCompared {
  /** Records that were run. */
  records: number;
  /** Detections that both have, of all that either has; absent where the net makes none. */
  detections?: { same: number; of: number };
  /** Signal-to-noise ratio of each output to the reference's, in dB, by the blob's name. */
  ratios: Record<string, number>;
}

/** A model of the net, whose blobs may have ids of their own. */
export interface ComparedModel {
  createRunner: RunnerFactory;
  idOf: (blob: BlobVersion) => string;
}

/**
 * Runs two models of a TEST net side by side on its first records, and compares what they are used for: the detections of
 * DetectionOutput, and the values of what losses read and of other outputs.
 */
export async function compareOutputs(
  graph: NetGraph,
  data: EvaluationData,
  reference: ComparedModel,
  model: ComparedModel,
): Promise<OutputsCompared> {
  const detections = graph.layers.filter(({ type }) => type === 'DetectionOutput').map(({ tops }) => tops[0]!);
  const values = comparedValues(graph);
  const wanted = [...detections, ...values];
  const inputs = [...data.inputShapes(1).values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  const most = Math.max(1, Math.min(MOST_RECORDS, data.recordCount, Math.floor(MOST_ELEMENTS / inputs)));
  const size = Math.min(data.batchSize, data.recordCount);
  const records = Math.max(size, most - (most % size));
  const shapes = data.inputShapes(size);
  const expected = await reference.createRunner(shapes, wanted.map(reference.idOf));
  try {
    const actual = await model.createRunner(shapes, wanted.map(model.idOf));
    try {
      const noise = new OutputNoise(values.map(({ name }) => name));
      const matched = new DetectionAgreement();
      for (let start = 0; start < records; start += size) {
        const batch = await data.records(start, size);
        const [a, b] = [await expected.run(batch), await actual.run(batch)];
        for (const blob of detections) matched.add(a.get(reference.idOf(blob))!, b.get(model.idOf(blob))!);
        noise.add(
          new Map(values.map((blob) => [blob.name, a.get(reference.idOf(blob))!])),
          new Map(values.map((blob) => [blob.name, b.get(model.idOf(blob))!])),
        );
      }
      return { records, ...(detections.length > 0 && { detections: matched.counts() }), ratios: noise.byOutput() };
    } finally {
      await actual.close();
    }
  } finally {
    await expected.close();
  }
}

/** What losses read first, and the outputs that measure nothing. */
function comparedValues(graph: NetGraph): BlobVersion[] {
  const isComputed = (blob: BlobVersion): boolean => {
    const producer = producerOf(graph, blob);
    return producer !== undefined && !isDataLayer(producer);
  };
  const read = graph.layers.filter(({ type }) => isLossLayer(type)).map(({ bottoms }) => bottoms[0]!);
  const plain = computedOutputs(graph).filter((blob) => {
    const { type } = producerOf(graph, blob)!;
    return !isLossLayer(type) && layerTypeOf(type)?.measures === undefined;
  });
  const byName = new Map([...read, ...plain].filter(isComputed).map((blob) => [blob.name, blob]));
  return [...byName.values()];
}
