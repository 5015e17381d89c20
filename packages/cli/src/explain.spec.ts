import { writeCaffemodel } from '@caffe-quant/caffe-io';
import type { LayerPlan, QuantPlan } from '@caffe-quant/resolver';
import { run } from './testing/run.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const net = folder.write(
  'net.prototxt',
  `name: "small"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 1 dim: 8 dim: 8 } } }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 2 kernel_size: 3 } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "ip1" type: "InnerProduct" bottom: "conv1" top: "ip1" inner_product_param { num_output: 4 } }
`,
);
const config = folder.write(
  'quant.cfg',
  `retrain_data_quant_config: { ulq_quantize: { clip_max_min: { clip_max: 6.0 clip_min: -6.0 } } }
retrain_weight_quant_config: { arq_retrain: { channel_wise: false } }
skip_layers: "conv1"
`,
);

test('a table of all layers', async () => {
  const { status, out } = await run('explain', '--prototxt', net, '--config', config);
  expect(status).toBe(0);
  expect(out.split('\n')[0]).toBe('small: 1 of 4 layers quantized (compat documented)');
  expect(out).toMatch(/^conv1 +Convolution +no .*skip_layers names it/m);
  expect(out).toMatch(/^ip1 +InnerProduct +yes +\[0, 6\] +true +false /m);
});

test('the plan as JSON, and nothing else on the standard output', async () => {
  const { status, out } = await run('explain', '--prototxt', net, '--config', config, '--json', '--compat', 'amct');
  const plan = JSON.parse(out) as QuantPlan;
  expect(status).toBe(0);
  expect(plan.compat).toBe('amct');
  expect(plan.layers.map(({ name, quantized }) => [name, quantized])).toEqual([
    ['data', false],
    ['conv1', false],
    ['relu1', false],
    ['ip1', true],
  ]);
});

test('the story of one layer, as text and as JSON', async () => {
  const story = await run('explain', '--prototxt', net, '--config', config, '--layer', 'ip1');
  expect(story.out).toContain(`ip1 (InnerProduct, ${net}:5)`);
  const { out } = await run('explain', '--prototxt', net, '--config', config, '--layer', 'ip1', '--json');
  expect(JSON.parse(out) as LayerPlan).toMatchObject({ name: 'ip1', quantized: true });
});

test('a layer that is not there', async () => {
  const { status, out, error } = await run('explain', '--prototxt', net, '--config', config, '--layer', 'ip2');
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(error).toContain(`${net}: error: the net has no layer 'ip2'\n  hint: did you mean 'ip1'?`);
});

test('the problems of a config, with their lines, without weights', async () => {
  const bad = folder.write('bad.cfg', 'skip_layers: "conv9"\nskip_layer_type: "ReLU"\n');
  const { status, out, error } = await run('explain', '--prototxt', net, '--config', bad);
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(error).toContain(`${bad}:1:14: error:`);
  expect(error).toContain(`${bad}:2:1: error: unknown field \`skip_layer_type\``);
  expect(error).toContain('    skip_layer_type: "ReLU"\n    ^');
});

test('a prototxt that is broken', async () => {
  const broken = folder.write('broken.prototxt', 'layer { name: "a" type: "ReLU" bottom: "x" \n');
  const { status, error } = await run('explain', '--prototxt', broken, '--config', config);
  expect(status).toBe(1);
  expect(error).toContain(`${broken}:`);
});

test('weights are read, or it says why not', async () => {
  const blobs = [{ shape: [4, 72], data: new Float32Array(288) }];
  const bytes = writeCaffemodel({ layers: [{ name: 'ip1', type: 'InnerProduct', blobs }] });
  const weights = folder.write('net.caffemodel', bytes);
  const args = ['explain', '--prototxt', net, '--config', config, '--weights'];
  expect((await run(...args, weights)).status).toBe(0);
  const { status, error } = await run(...args, folder.write('none.caffemodel', ''));
  expect(status).toBe(1);
  expect(error).toContain('the file is empty');
});

test('a file that is not there', async () => {
  const { status, error } = await run('explain', '--prototxt', net, '--config', '/no/such/quant.cfg');
  expect({ status, error }).toEqual({ status: 1, error: '/no/such/quant.cfg: error: there is no such file' });
});
