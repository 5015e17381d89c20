import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCaffemodelFile } from '@caffe-quant/caffe-io';
import type { EvaluationResult } from '@caffe-quant/report';
import { runAll } from '../testing/run-all.ts';
import { smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { writeHdf5 } from '../testing/write-hdf5.ts';

const folder = temporaryFolder();

/** A net whose Reshape has the batch size of the data built in. */
const netFor = (batch: number): string => `
layer { name: "data" type: "HDF5Data" top: "data" hdf5_data_param { source: "list.txt" batch_size: ${batch} } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 3 } }
layer { name: "rs" type: "Reshape" bottom: "conv" top: "rs" reshape_param { shape { dim: ${batch} dim: 4 dim: 2 dim: 8 } } }
`;

const CONFIG = `retrain_data_quant_config: { ulq_quantize: { } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: true } }
`;

async function run(batch: number) {
  const files = { 'train_val.prototxt': netFor(batch), 'quant.cfg': CONFIG, 'solver.prototxt': null, data: null };
  const place = smallProject(folder.path, files);
  const data = Float32Array.from({ length: 8 * 72 }, (_, i) => Math.sin(i * 7));
  await writeHdf5(join(place.root, 'data.h5'), { data: { data, shape: [8, 2, 6, 6] } });
  writeFileSync(join(place.root, 'list.txt'), 'data.h5\n');
  const weights = Float32Array.from({ length: 72 }, (_, i) => Math.cos(i * 5));
  const blobs = [
    { shape: [4, 2, 3, 3], data: weights },
    { shape: [4], data: weights.slice(0, 4) },
  ];
  writeCaffemodelFile(join(place.root, 'small.caffemodel'), {
    name: 'small',
    layers: [{ name: 'conv', type: 'Convolution', blobs }],
  });
  return runAll(place, { mode: 'calibrate', net: 'train_val.prototxt' });
}

test('a net that takes one image at a time is measured one image at a time', async () => {
  const { errors, json } = await run(1);
  expect(errors).toBe('');
  const { layers } = json<EvaluationResult>('evaluate/evaluation.json');
  expect(layers.find(({ name }) => name === 'conv')!.sensitivity).toBeGreaterThan(20);
});

test('a net that takes batches of another size alone is refused before it is trained', async () => {
  const { failed, errors } = await run(4);
  expect(failed).toBe('calibrate');
  expect(errors).toContain(':4: error: layer `rs`: Reshape: [1, 4, 4, 4] does not reshape to dims 4, 4, 2, 8');
  expect(errors).toContain('keep the first axis as it is, in a Reshape by `dim: 0`');
});
