import { readFileSync } from 'node:fs';
import { type GraphLayer, type NetGraph, readCaffemodelFile } from '@caffe-quant/caffe-io';
import { compareOnnx, type DeployFiles, type OnnxComparison } from '@caffe-quant/deploy';
import {
  fitWeights,
  forwardCost,
  layerSensitivity,
  netRunnerFactory,
  parameterShapes,
  scoreBlob,
  type DeviceUse,
  type LoweringContext,
  type NetData,
  type RunnerFactory,
} from '@caffe-quant/kernels';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { readCanonicalNet } from '../../project/canonical-net.ts';
import type { Project } from '../../project/project.ts';
import { withNamedFiles, type NetWithData } from '../net-data.ts';
import type { QuantizedNumbers } from '../export/quantized-numbers.ts';

/**
 * The fake-quant model as its files have it.
 *
 * @param exported path of a delivered file, by its name without the prefix
 */
export function exportedModel(
  project: Project,
  { data }: NetWithData,
  exported: (name: string) => string,
  use: DeviceUse,
): { graph: NetGraph; createRunner: RunnerFactory } {
  const text = readFileSync(exported('fake_quant_model.prototxt'), 'utf8');
  const graph = withNamedFiles(project, readCanonicalNet(text, 'TEST', project.netOrigin));
  const file = exported('fake_quant_weights.caffemodel');
  const { weights } = fitWeights(graph, data.inputShapes(), readCaffemodelFile(file), file);
  const shifts = (name: string) => weights.get(name)?.[1]?.some((bits) => bits !== 0);
  // The layer hands on what it is given, in a dozen passes over it.
  const override = ({ type, name }: GraphLayer, { bottoms }: LoweringContext) =>
    type === 'DeQuant' && !shifts(name) ? { tops: [bottoms[0]!] } : undefined;
  return { graph, createRunner: netRunnerFactory(graph, weights, { ...use, override }) };
}

/** Tells the user that something will take so many milliseconds. */
export type TellTime = (what: string, milliseconds: number) => void;

/** At most that many records show what each layer costs, and at most that many products: some ten seconds of two cores. */
const SENSITIVITY_RECORDS = 32;
const SENSITIVITY_PRODUCTS = 2 ** 40;

/**
 * What each quantized layer costs by itself, with the weights and ranges that are exported; of layers that the deployed net
 * does not have, nothing.
 */
export async function exportedSensitivity(
  { graph, data }: NetWithData,
  exported: (name: string) => string,
  plan: CanonicalPlan,
  numbers: QuantizedNumbers,
  use: DeviceUse,
  tell: TellTime,
): Promise<Map<string, number>> {
  const model = readCaffemodelFile(exported('caffe_model.caffemodel'));
  const known = new Set(model.layers.filter(({ blobs }) => blobs.length > 0).map(({ name }) => name));
  const affordable = Math.floor(SENSITIVITY_PRODUCTS / productsOf(graph, data, plan.layers.length));
  const count = Math.max(1, Math.min(SENSITIVITY_RECORDS, data.recordCount, affordable));
  const takesCount = takesBatch(graph, data, count);
  const inputShapes = data.inputShapes(takesCount ? count : data.batchSize);
  if (parameterShapes(graph, inputShapes).some(({ layer }) => !known.has(layer))) return new Map();
  const { weights } = fitWeights(graph, inputShapes, model, exported('caffe_model.caffemodel'));
  const clips = new Map(
    Object.values(numbers).flatMap(({ quantizer, clip }) => (quantizer && clip ? [[quantizer, clip] as const] : [])),
  );
  const layers = plan.layers.filter(({ quantizer }) => clips.has(quantizer));
  const batch = await (takesCount ? data.records(0, count) : data.batch(0));
  const onEstimate = (milliseconds: number, tried: number): void =>
    tell(`what each of ${tried} layers costs by itself`, milliseconds);
  return layerSensitivity({ graph, inputShapes, weights, plan: { ...plan, layers }, clips, batch, ...use, onEstimate });
}

/** Of one record, for the float net and once for each layer. */
function productsOf(graph: NetGraph, data: NetData, layers: number): number {
  return Math.max(1, (forwardCost(graph, data.inputShapes()) / data.batchSize) * (layers + 1));
}

/** Whether the net means the same for another batch size than its data's: a Reshape may have that built in. */
function takesBatch(graph: NetGraph, data: NetData, size: number): boolean {
  const shapesOf = (of: number): string => JSON.stringify(parameterShapes(graph, data.inputShapes(of)));
  try {
    return shapesOf(size) === shapesOf(data.batchSize);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    return false;
  }
}

/** The files of the deploy model. */
export function deployFiles(exported: (name: string) => string): DeployFiles {
  const text = (name: string) => ({ text: readFileSync(exported(name), 'utf8'), file: exported(name) });
  const weights = exported('deploy_weights.caffemodel');
  return {
    prototxt: text('deploy_model.prototxt'),
    caffemodel: { bytes: readFileSync(weights), file: weights },
    record: text('scale_offset_record.txt'),
  };
}

/** The ONNX model beside the integer model, on the first test records. */
export function compareExportedOnnx(
  project: Project,
  { graph, data }: NetWithData,
  exported: (name: string) => string,
): Promise<OnnxComparison> {
  const model = readFileSync(exported('int8.onnx'));
  const id = scoreBlob(graph);
  const scores = graph.layers.flatMap(({ tops }) => tops).find((top) => top.id === id)?.name;
  return compareOnnx({ model, files: deployFiles(exported), file: project.netFiles.TEST.shown, scores }, data);
}
