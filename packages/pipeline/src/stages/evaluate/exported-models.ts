import { readFileSync } from 'node:fs';
import { type NetGraph, readCaffemodelFile } from '@caffe-quant/caffe-io';
import { compareOnnx, type DeployFiles, type OnnxComparison } from '@caffe-quant/deploy';
import {
  evaluate,
  fitWeights,
  layerSensitivity,
  netRunnerFactory,
  parameterShapes,
  scoreBlob,
  type DeviceUse,
  type Evaluation,
  type EvaluationOptions,
  type NetData,
} from '@caffe-quant/kernels';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { readCanonicalNet } from '../../project/canonical-net.ts';
import type { Project } from '../../project/project.ts';
import { withNamedFiles, type NetWithData } from '../net-data.ts';
import type { QuantizedNumbers } from '../export/quantized-numbers.ts';

/**
 * Measures the fake-quant model as its files have it.
 *
 * @param exported path of a delivered file, by its name without the prefix
 */
export async function evaluateExported(
  project: Project,
  { data }: NetWithData,
  exported: (name: string) => string,
  use: DeviceUse,
  how: EvaluationOptions,
): Promise<Evaluation> {
  const text = readFileSync(exported('fake_quant_model.prototxt'), 'utf8');
  const graph = withNamedFiles(project, readCanonicalNet(text, 'TEST', project.netOrigin));
  const file = exported('fake_quant_weights.caffemodel');
  const { weights } = fitWeights(graph, data.inputShapes(), readCaffemodelFile(file), file);
  return evaluate(graph, data, netRunnerFactory(graph, weights, use), how);
}

/** At most that many records show what each layer costs. */
const SENSITIVITY_RECORDS = 32;

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
): Promise<Map<string, number>> {
  const model = readCaffemodelFile(exported('caffe_model.caffemodel'));
  const known = new Set(model.layers.filter(({ blobs }) => blobs.length > 0).map(({ name }) => name));
  const count = Math.min(SENSITIVITY_RECORDS, data.recordCount);
  const takesCount = takesBatch(graph, data, count);
  const inputShapes = data.inputShapes(takesCount ? count : data.batchSize);
  if (parameterShapes(graph, inputShapes).some(({ layer }) => !known.has(layer))) return new Map();
  const { weights } = fitWeights(graph, inputShapes, model, exported('caffe_model.caffemodel'));
  const clips = new Map(
    Object.values(numbers).flatMap(({ quantizer, clip }) => (quantizer && clip ? [[quantizer, clip] as const] : [])),
  );
  const layers = plan.layers.filter(({ quantizer }) => clips.has(quantizer));
  const batch = await (takesCount ? data.records(0, count) : data.batch(0));
  return layerSensitivity({ graph, inputShapes, weights, plan: { ...plan, layers }, clips, batch, ...use });
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
