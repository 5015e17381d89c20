import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry, ReportInput, TrainingResult, TrainingStep } from '@caffe-quant/report';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import { resultFilesIn } from '../../stage-digests.ts';
import { sha256Of } from '../../store/entry-manifest.ts';
import type { StageContext } from '../../stage.ts';
import { readJson } from '../net-data.ts';

/** What each delivered file is, by the end of its name. */
const ROLES: readonly (readonly [string, string])[] = [
  ['_retrain_model.prototxt', 'net with AMCT quantization layers, as trained'],
  ['_retrain_model.caffemodel', 'its float weights and clip ranges'],
  ['_scale_offset_record.txt', 'scale/offset record'],
  ['_fake_quant_model.prototxt', 'fake-quant net: runs in a Caffe with AMCT layers'],
  ['_fake_quant_weights.caffemodel', 'its fake-quantized weights'],
  ['_deploy_model.prototxt', 'deploy net'],
  ['_deploy_weights.caffemodel', 'its int8 weights and int32 biases'],
  ['_caffe_model.prototxt', 'plain Caffe net'],
  ['_caffe_model.caffemodel', 'its trained float weights'],
  ['_quant.json', 'which layers were quantized, and how'],
  ['_int8.onnx', 'int8 ONNX model'],
];

/** Puts together what the report shows from what the earlier stages left. */
export async function readReportInput(title: string, input: StageContext['input']): Promise<ReportInput> {
  const fingerprint = readJson<Fingerprint>(input('fingerprint', 'fingerprint.json'));
  const steps = readFileSync(join(input('train'), 'metrics.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TrainingStep);
  const result = readJson<TrainingResult>(join(input('train'), 'training.json'));
  return {
    title,
    plan: readJson(input('resolve', 'plan.json')),
    calibration: readJson(join(input('calibrate'), 'calibration.json')),
    ...(result.iterations > 0 && { training: { result, steps } }),
    evaluation: readJson(join(input('evaluate'), 'evaluation.json')),
    inputs: inputEntries(fingerprint),
    files: await outputEntries(input('export')),
  };
}

function inputEntries({ weights, data }: Fingerprint): FileEntry[] {
  const ofData = Object.entries(data).flatMap(([source, { files, phases }]) =>
    files.map(({ name, size, sha256 }) => ({
      name: `${source}/${name}`,
      role: `${phases.join(' and ')} data`,
      size,
      sha256,
    })),
  );
  return [{ name: 'weights', role: 'float weights before training', ...weights }, ...ofData];
}

async function outputEntries(folder: string): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const name of await resultFilesIn(folder)) {
    const role = ROLES.find(([ending]) => name.endsWith(ending))?.[1];
    if (role === undefined) continue;
    const path = join(folder, name);
    entries.push({ name, role, sha256: await sha256Of(path), size: statSync(path).size });
  }
  return entries;
}
