import { readFileSync } from 'node:fs';
import { readCaffemodelFile } from '@caffe-quant/caffe-io';
import type { DeployFiles } from '@caffe-quant/deploy';
import {
  evaluate,
  fitWeights,
  netRunnerFactory,
  type Device,
  type Evaluation,
  type EvaluationOptions,
} from '@caffe-quant/kernels';
import { readCanonicalNet } from '../project/canonical-net.ts';
import type { Project } from '../project/load-project.ts';
import type { NetWithData } from './net-data.ts';

/**
 * Measures the fake-quant model as its files have it.
 *
 * @param exported path of a delivered file, by its name without the prefix
 */
export async function evaluateExported(
  project: Project,
  { data }: NetWithData,
  exported: (name: string) => string,
  device: Device | undefined,
  how: EvaluationOptions,
): Promise<Evaluation> {
  const graph = readCanonicalNet(
    readFileSync(exported('fake_quant_model.prototxt'), 'utf8'),
    'TEST',
    project.netOrigin,
  );
  const file = exported('fake_quant_weights.caffemodel');
  const { weights } = fitWeights(graph, data.inputShapes(), readCaffemodelFile(file), file);
  return evaluate(graph, data, netRunnerFactory(graph, weights, { device }), how);
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
