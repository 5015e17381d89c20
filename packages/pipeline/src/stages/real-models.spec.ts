import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMessage, readNetText } from '@caffe-quant/caffe-io';
import type { EvaluationResult, TrainingResult } from '@caffe-quant/report';
import { canonicalNetText } from '../project/canonical-net.ts';
import type { ProjectPlace } from '../project/project-place.ts';
import { runAll } from '../testing/run-all.ts';
import { smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { writeHdf5 } from '../testing/write-hdf5.ts';

/** Real nets without their data, through all stages: on noise, all that can be is quantized. */
const folder = temporaryFolder();
const MODELS = join(process.cwd(), '../shared/models');
const RECORDS = 2;

/** Detectors, which take images of any size, get smaller ones than their own. */
const NETS: [net: string, weights: string, shape: [number, number, number]][] = [
  ['cifar10-quick-full/cifar10_full.prototxt', 'cifar10-quick-full/cifar10_full_iter_70000.caffemodel', [3, 32, 32]],
  ['cifar10-quick-full/cifar10_quick.prototxt', 'cifar10-quick-full/cifar10_quick_iter_4000.caffemodel', [3, 32, 32]],
  ['hyperlpr/HorizonalFinemapping.prototxt', 'hyperlpr/HorizonalFinemapping.caffemodel', [3, 16, 66]],
  ['lenet-v1-2014/lenet.prototxt', 'lenet-v1-2014/lenet_iter_10000', [1, 28, 28]],
  ['mtcnn/det1.prototxt', 'mtcnn/det1.caffemodel', [3, 12, 12]],
  ['mtcnn/det2.prototxt', 'mtcnn/det2.caffemodel', [3, 24, 24]],
  ['mtcnn/det3.prototxt', 'mtcnn/det3.caffemodel', [3, 48, 48]],
  ['mtcnn/det4.prototxt', 'mtcnn/det4.caffemodel', [15, 24, 24]],
  ['mtcnn-fast/det2_half.prototxt', 'mtcnn-fast/det2_half.caffemodel', [3, 24, 24]],
  ['ultraface/slim-320.prototxt', 'ultraface/slim-320.caffemodel', [3, 120, 160]],
  ['yoloface/landmark106.prototxt', 'yoloface/landmark106.caffemodel', [3, 112, 112]],
  ['yoloface/yoloface-50k.prototxt', 'yoloface/yoloface-50k.caffemodel', [3, 56, 56]],
  ['hyperlpr/mininet_ssd_v1.prototxt', 'hyperlpr/mininet_ssd_v1.caffemodel', [3, 256, 256]],
];

const CONFIG = `retrain_data_quant_config: { ulq_quantize: { } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: true } }
override_layer_types: { layer_type: "InnerProduct" retrain_weight_quant_config: { arq_retrain: { channel_wise: false } } }
`;
const SOLVER = 'net: "net.prototxt" base_lr: 1e-5 lr_policy: "fixed" momentum: 0.9 max_iter: 3\n';

/** The net with noise from an HDF5 file in the place of its input. */
async function project(net: string, weights: string, shape: readonly number[]): Promise<ProjectPlace> {
  const { net: message, dialect } = readNetText(readFileSync(join(MODELS, net), 'latin1'), net);
  const layer = message.layer.map((each) =>
    each.type !== 'Input'
      ? each
      : createMessage('LayerParameter', {
          ...{ name: each.name, type: 'HDF5Data', top: each.top },
          hdf5_data_param: createMessage('HDF5DataParameter', { source: 'noise.txt', batch_size: 2 }),
        }),
  );
  const place = smallProject(folder.path, {
    'quant.cfg': CONFIG,
    'net.prototxt': canonicalNetText({ ...message, layer }, dialect),
    'solver.prototxt': SOLVER,
    'train_val.prototxt': null,
    data: null,
  });
  rmSync(join(place.root, 'small.caffemodel'));
  copyFileSync(join(MODELS, weights), join(place.root, 'real.caffemodel'));
  const [input] = layer.find(({ type }) => type === 'HDF5Data')!.top;
  const size = RECORDS * shape.reduce((a, b) => a * b);
  const data = Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.25);
  await writeHdf5(join(place.root, 'noise.h5'), { [input!]: { data, shape: [RECORDS, ...shape] } });
  writeFileSync(join(place.root, 'noise.txt'), 'noise.h5\n');
  return place;
}

const present = existsSync(MODELS);
if (!present) console.warn('the real models are not beside the repository: they do not go through the stages');

describe.each(NETS)('%s', (net, weights, shape) => {
  (present ? test : test.skip)('is quantized, exported and measured without training', async () => {
    const run = await runAll(await project(net, weights, shape), { mode: 'calibrate' });
    expect([run.failed, run.errors]).toEqual([undefined, expect.not.stringContaining('error:')]);
    const { models, layers } = run.json<EvaluationResult>('evaluate/evaluation.json');
    expect(layers.filter(({ quantized }) => quantized).length).toBeGreaterThan(2);
    for (const [name, ratio] of Object.entries(models.integer!.metrics)) {
      expect([name, ratio > 10]).toEqual([name, true]);
    }
  });

  // The largest of them take a minute to train; their layers are those of the others.
  const isLarge = shape[1] > 100;
  (present && !isLarge ? test : test.skip)('trains against itself', async () => {
    const run = await runAll(await project(net, weights, shape), { mode: 'distill' });
    expect([run.failed, run.errors]).toEqual([undefined, expect.not.stringContaining('error:')]);
    expect(run.json<TrainingResult>('train/training.json').iterations).toBe(3);
  });
});
