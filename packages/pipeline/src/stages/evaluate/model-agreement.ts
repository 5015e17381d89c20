import { type BlobVersion, buildNetGraph, type NetGraph, readNetText } from '@caffe-quant/caffe-io';
import { type DeployFiles, IntegerModel } from '@caffe-quant/deploy';
import { agreement, compareOutputs, type Evaluation, isDataLayer, type RunnerFactory } from '@caffe-quant/kernels';
import type { Agreement } from '@caffe-quant/report';
import type { NetWithData } from '../net-data.ts';

/** The fake-quant model as its files have it. */
export interface FakeQuantModel {
  graph: NetGraph;
  createRunner: RunnerFactory;
  evaluation: Evaluation;
}

/** The integer model, by the blobs of the net's TEST phase. */
export interface IntegerSide {
  files: DeployFiles;
  createRunner: RunnerFactory;
  evaluation: Evaluation;
}

/** Agreement that leaves nothing to ask: of shares, and of ratios in dB. */
const HEALTHY_SHARE = 0.999;
const HEALTHY_RATIO = 40;

/**
 * Below this ratio rounding does not explain a difference: where a sum lies next to the border of two steps, float products may
 * round it to the other one, but of a thousand values that is less than one.
 */
const ROUNDING_DB = 30;

/**
 * How far the integer model says what the fake-quant model says: a classifier by its predictions over all records, a detector by its
 * detections, other nets by the ratios of their outputs. Where it is less than it should be, with the layer that does it.
 */
export async function modelAgreement(
  { graph, data }: NetWithData,
  fakeQuant: FakeQuantModel,
  integer: IntegerSide,
): Promise<Agreement> {
  const [expected, actual] = [fakeQuant.evaluation.predictions, integer.evaluation.predictions];
  const found =
    expected && actual
      ? {
          integerVsFakeQuant: agreement(expected, actual),
          ...(expected.length !== data.recordCount && { of: expected.length }),
        }
      : await compared({ graph, data }, fakeQuant, integer);
  const { integerVsFakeQuant: share = 1, ratios = {} }: Agreement = found;
  if (share >= HEALTHY_SHARE && Object.values(ratios).every((ratio) => ratio >= HEALTHY_RATIO)) return found;
  const differsFrom = await firstDifference(data, fakeQuant, integer.files);
  return { ...found, ...(differsFrom && { differsFrom }) };
}

async function compared(
  { graph, data }: NetWithData,
  fakeQuant: FakeQuantModel,
  { createRunner }: IntegerSide,
): Promise<Agreement> {
  const lastOf = lastVersions(fakeQuant.graph);
  const { detections, ratios, records } = await compareOutputs(
    graph,
    data,
    { createRunner: fakeQuant.createRunner, idOf: ({ name }: BlobVersion) => lastOf.get(name)! },
    { createRunner, idOf: ({ id }: BlobVersion) => id },
  );
  const isCounted = detections !== undefined && detections.of > 0;
  return {
    ...(isCounted && { integerVsFakeQuant: detections.same / detections.of, of: detections.of, counted: 'detections' }),
    ratios,
    records,
  };
}

/** The first layer of the deploy model whose output is not the fake-quant model's, on a batch. */
async function firstDifference(
  data: NetWithData['data'],
  { graph, createRunner }: FakeQuantModel,
  files: DeployFiles,
): Promise<Agreement['differsFrom']> {
  const { text, file } = files.prototxt;
  const deployed = buildNetGraph(readNetText(text, file).net, { file, phase: 'TEST' }).graph;
  const size = Math.min(data.batchSize, data.recordCount);
  const batch = await data.records(0, size);
  const [own, others] = [lastVersions(deployed), lastVersions(graph)];
  const layers = deployed.layers.filter((layer) => !isDataLayer(layer) && layer.type !== 'Quant');
  // Between a quantized layer and its DeQuant are other units.
  const inSteps = new Set(layers.flatMap(({ type, bottoms }) => (type === 'DeQuant' ? [bottoms[0]!.name] : [])));
  const makers = new Map<string, string>();
  for (const { name: layer, param, tops } of layers) {
    const maker = param.dequant_param?.object_layer ?? layer;
    for (const { name } of tops) if (!inSteps.has(name) && !makers.has(name)) makers.set(name, maker);
  }
  const names = [...makers.keys()].filter((name) => own.has(name) && others.has(name));
  const float = await createRunner(
    data.inputShapes(size),
    names.map((name) => others.get(name)!),
  );
  const integer = await IntegerModel.create({ files, batchSize: size, outputs: names.map((name) => own.get(name)!) });
  try {
    const [expected, actual] = [await float.run(batch), await integer.run(batch)];
    for (const name of names) {
      const ratio = ratioOf(expected.get(others.get(name)!)!.data, actual.get(own.get(name)!)!.data);
      if (ratio < ROUNDING_DB) return { layer: makers.get(name)!, ratio };
    }
    return undefined;
  } finally {
    await float.close();
    await integer.close();
  }
}

/** The id of each blob as the last layer leaves it, by its name. */
const lastVersions = ({ layers }: NetGraph): Map<string, string> =>
  new Map(layers.flatMap(({ tops }) => tops.map(({ id, name }) => [name, id] as const)));

/** Signal-to-noise ratio in dB, within 200 either way. */
function ratioOf(expected: Float32Array, actual: Float32Array): number {
  let [signal, noise] = [0, 0];
  expected.forEach((value, i) => {
    signal += value * value;
    noise += (actual[i]! - value) ** 2;
  });
  return noise === 0 ? 200 : Math.max(-200, Math.min(200, 10 * Math.log10(signal / noise)));
}
