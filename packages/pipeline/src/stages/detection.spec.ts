import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCaffemodelFile } from '@caffe-quant/caffe-io';
import type { EvaluationResult, TrainingResult } from '@caffe-quant/report';
import type { ProjectPlace } from '../project/project-place.ts';
import { runAll } from '../testing/run-all.ts';
import { smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { writeHdf5 } from '../testing/write-hdf5.ts';

/** A small SSD, from its data to the mean average precision of the integer model. */
const folder = temporaryFolder();

const IMAGES = 24;
const SIDE = 16;

const NET = `name: "ssd"
layer { name: "data" type: "HDF5Data" top: "data" top: "label" hdf5_data_param { source: "images.txt" batch_size: 1 } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
        convolution_param { num_output: 4 kernel_size: 4 stride: 4 } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "loc" type: "Convolution" bottom: "conv" top: "loc" convolution_param { num_output: 4 kernel_size: 1 } }
layer { name: "loc_perm" type: "Permute" bottom: "loc" top: "loc_perm" permute_param { order: 0 order: 2 order: 3 order: 1 } }
layer { name: "loc_flat" type: "Flatten" bottom: "loc_perm" top: "loc_flat" flatten_param { axis: 1 } }
layer { name: "conf" type: "Convolution" bottom: "conv" top: "conf" convolution_param { num_output: 2 kernel_size: 1 } }
layer { name: "conf_perm" type: "Permute" bottom: "conf" top: "conf_perm" permute_param { order: 0 order: 2 order: 3 order: 1 } }
layer { name: "conf_flat" type: "Flatten" bottom: "conf_perm" top: "conf_flat" flatten_param { axis: 1 } }
layer { name: "prior" type: "PriorBox" bottom: "conv" bottom: "data" top: "prior" prior_box_param { min_size: 4 variance: 0.1 } }
layer { name: "mbox_loss" type: "MultiBoxLoss" bottom: "loc_flat" bottom: "conf_flat" bottom: "prior" bottom: "label" top: "mbox_loss"
        include { phase: TRAIN } propagate_down: true propagate_down: true propagate_down: false propagate_down: false
        multibox_loss_param { num_classes: 2 share_location: true overlap_threshold: 0.5 code_type: CENTER_SIZE neg_pos_ratio: 3 neg_overlap: 0.5 } }
layer { name: "conf_reshape" type: "Reshape" bottom: "conf_flat" top: "conf_reshape" reshape_param { shape { dim: 0 dim: -1 dim: 2 } }
        include { phase: TEST } }
layer { name: "conf_softmax" type: "Softmax" bottom: "conf_reshape" top: "conf_softmax" softmax_param { axis: 2 } include { phase: TEST } }
layer { name: "scores" type: "Flatten" bottom: "conf_softmax" top: "scores" flatten_param { axis: 1 } include { phase: TEST } }
layer { name: "detection_out" type: "DetectionOutput" bottom: "loc_flat" bottom: "scores" bottom: "prior" top: "detection_out"
        include { phase: TEST } detection_output_param { num_classes: 2 code_type: CENTER_SIZE confidence_threshold: 0.01
        nms_param { nms_threshold: 0.45 top_k: 16 } keep_top_k: 8 } }
layer { name: "detection_eval" type: "DetectionEvaluate" bottom: "detection_out" bottom: "label" top: "detection_eval"
        include { phase: TEST } detection_evaluate_param { num_classes: 2 background_label_id: 0 overlap_threshold: 0.5 } }
`;

const SOLVER = `net: "train_val.prototxt"
base_lr: 0.02 lr_policy: "fixed" momentum: 0.9 max_iter: 400 average_loss: 24
test_interval: 200 test_iter: ${IMAGES} eval_type: "detection" ap_version: "11point"
`;

const CONFIG = `retrain_data_quant_config: { ulq_quantize: { } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: true } }
`;

/** Images with one bright cell of 4 x 4 pixels, which is the object. */
async function detectionProject(): Promise<ProjectPlace> {
  const place = smallProject(folder.path, {
    'train_val.prototxt': NET,
    'solver.prototxt': SOLVER,
    'quant.cfg': CONFIG,
    data: null,
  });
  const data = new Float32Array(IMAGES * SIDE * SIDE);
  const label = new Float32Array(IMAGES * 8);
  for (let image = 0; image < IMAGES; image++) {
    const [row, column] = [(image * 5) % 4, (image * 3 + (image >> 2)) % 4];
    for (let i = 0; i < SIDE * SIDE; i++) {
      const isObject = Math.floor(i / SIDE / 4) === row && Math.floor((i % SIDE) / 4) === column;
      data[image * SIDE * SIDE + i] = (isObject ? 1 : 0) + ((i * 13 + image * 7) % 11) / 40;
    }
    const box = [column / 4, row / 4, (column + 1) / 4, (row + 1) / 4];
    // One image a batch: SSD counts images in the batch, and evaluation tells them apart by their numbers.
    label.set([0, 1, 0, ...box, 0], image * 8);
  }
  await writeHdf5(join(place.root, 'images.h5'), {
    data: { data, shape: [IMAGES, 1, SIDE, SIDE] },
    label: { data: label, shape: [IMAGES, 1, 1, 8] },
  });
  writeFileSync(join(place.root, 'images.txt'), 'images.h5\n');
  let next = 0;
  const blob = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => Math.sin(++next * 7) / 4),
  });
  writeCaffemodelFile(join(place.root, 'small.caffemodel'), {
    name: 'ssd',
    layers: [
      { name: 'conv', type: 'Convolution', blobs: [blob(4, 1, 4, 4), blob(4)] },
      { name: 'loc', type: 'Convolution', blobs: [blob(4, 4, 1, 1), blob(4)] },
      { name: 'conf', type: 'Convolution', blobs: [blob(2, 4, 1, 1), blob(2)] },
    ],
  });
  return place;
}

test('a detector is trained, exported and measured by its mean average precision', async () => {
  const run = await runAll(await detectionProject());
  expect(run.errors.replace(/.*warning[^]*/, '')).toBe('');
  expect(run.failed).toBeUndefined();
  const { models, accuracyMetrics, better } = run.json<EvaluationResult>('evaluate/evaluation.json');
  expect(accuracyMetrics).toEqual(['detection_eval mAP']);
  expect(better).toEqual({ 'detection_eval mAP': 'higher' });
  const map = (model: keyof typeof models) => models[model]!.metrics['detection_eval mAP']!;
  expect(map('fakeQuant')).toBeGreaterThan(map('postTraining'));
  expect(map('fakeQuant')).toBeGreaterThan(0.8);
  expect(Math.abs(map('integer') - map('fakeQuant'))).toBeLessThan(0.02);
  const { tests } = run.json<TrainingResult>('train/training.json');
  expect(tests!.map(({ iteration }) => iteration)).toEqual([0, 200, 400]);
  expect(tests![2]!.metrics['detection_eval mAP']).toBeGreaterThan(tests![0]!.metrics['detection_eval mAP']!);
});
