import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeCaffemodelFile } from '@caffe-quant/caffe-io';
import type { ProjectPlace } from '../project/project-place.ts';

/** The files of a small model project; the data are seven records of 3 x 4 x 5 pixels. */
export const SMALL_PROJECT: Readonly<Record<string, string>> = {
  'quant.cfg': `# the sample
retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 6.0 clip_min: -6.0 } } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: false } }
skip_layers: "ip3"
`,
  'solver.prototxt': `net: "train_val.prototxt"
base_lr: 0.001
lr_policy: "fixed"
momentum: 0.9
max_iter: 20
display: 5
`,
  'train_val.prototxt': `name: "small"
layer {
  name: "data"
  type: "Data"
  top: "data"
  top: "label"
  data_param { source: "data" batch_size: 2 backend: LMDB }
}
layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" param { lr_mult: 1 } inner_product_param { num_output: 4 } }
layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 4 } }
layer { name: "ip3" type: "InnerProduct" bottom: "ip2" top: "ip3" inner_product_param { num_output: 3 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip3" bottom: "label" top: "loss" }
`,
};

const DATA = join(process.cwd(), 'packages/caffe-io/src/data/fixtures/datums-uint8/data.mdb');

/**
 * Writes a model project to `<workspaceRoot>/models/small`.
 *
 * @param changes other or further files; `null`: without the file
 */
export function smallProject(workspaceRoot: string, changes: Record<string, string | null> = {}): ProjectPlace {
  const root = join(workspaceRoot, 'models/small');
  for (const [name, text] of Object.entries({ ...SMALL_PROJECT, ...changes })) {
    if (text === null) continue;
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  if (changes['data'] !== null) writeData(join(root, 'data'));
  if (changes['small.caffemodel'] === undefined) writeWeights(join(root, 'small.caffemodel'));
  return { name: 'small', root, workspaceRoot };
}

/** The LMDB of `DATA`, whose records i have the labels 10 i, with labels that the net has classes for: i mod 3. */
function writeData(folder: string): void {
  const bytes = readFileSync(DATA);
  for (let i = 0; i < 7; i++) {
    const label = LAST_LABEL - i * RECORD_BYTES;
    if (bytes[label] !== 10 * i) throw new Error(`${DATA} has no label ${10 * i} at ${label}`);
    bytes[label] = i % 3;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'data.mdb'), bytes);
}

/** Offset of the label of record 0, which is the last in the page, and the distance to the next ones. */
const LAST_LABEL = 12286;
const RECORD_BYTES = 98;

/** Weights that fit the net; the values count up from `first`. */
export function writeWeights(file: string, first = 0): void {
  let next = first;
  const blob = (...shape: number[]) => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => ((next++ % 17) - 8) / 16);
    return { shape, data };
  };
  const layers = [
    { name: 'ip1', type: 'InnerProduct', blobs: [blob(4, 60), blob(4)] },
    { name: 'ip2', type: 'InnerProduct', blobs: [blob(4, 4), blob(4)] },
    { name: 'ip3', type: 'InnerProduct', blobs: [blob(3, 4), blob(3)] },
  ];
  writeCaffemodelFile(file, { name: 'small', layers });
}
