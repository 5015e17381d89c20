import { buildNetGraph, readSolverText } from '@caffe-quant/caffe-io';
import { parseNet } from '../testing/parse-layer.ts';
import { Trainer } from './trainer.ts';

const { solver } = readSolverText('base_lr: 0.1 lr_policy: "fixed" momentum: 0 max_iter: 1 net: "n"', 's');
const START = Float32Array.of(1, -2, 0.5, 3);
const BATCH = new Map([
  ['x', Float32Array.of(1, 2, -1, 0.5)],
  ['y', Float32Array.of(0, 1, 2, -1)],
]);

/** The weights of both layers after one step of a net of two layers, the second of which is `second`. */
async function trained(second: string, first = ''): Promise<number[][]> {
  const text = `
    layer { name: "in" type: "Input" top: "x" top: "y" }
    layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" param { name: "w" ${first} }
            inner_product_param { num_output: 2 bias_term: false } }
    layer { name: "image" type: "Reshape" bottom: "a" top: "image" reshape_param { shape { dim: 2 dim: 2 dim: 1 dim: 1 } } }
    ${second}
    layer { name: "flat" type: "Flatten" bottom: "b" top: "flat" }
    layer { name: "loss" type: "EuclideanLoss" bottom: "flat" bottom: "y" top: "loss" }`;
  const { graph } = buildNetGraph(parseNet(text), { file: 'n', phase: 'TRAIN' });
  const inputShapes = new Map([
    ['x', [2, 2]],
    ['y', [2, 2]],
  ]);
  const trainer = await Trainer.create({ graph, solver, inputShapes, weights: new Map([['a', [START]]]) });
  await trainer.step(BATCH);
  const blobs = await trainer.weights();
  const weights = ['a', 'b'].map((name) => [...blobs.get(name)![0]!]);
  await trainer.close();
  return weights;
}

const strict = (
  param: string,
) => `layer { name: "b" type: "InnerProduct" bottom: "image" top: "b" param { name: "w" ${param} }
  inner_product_param { num_output: 2 bias_term: false } }`;
const permissive = (param: string) => `layer { name: "b" type: "Convolution" bottom: "image" top: "b"
  param { name: "w" share_mode: PERMISSIVE ${param} }
  convolution_param { num_output: 2 kernel_size: 1 bias_term: false } }`;

test('a matrix and a kernel of the same size, shared permissively, learn as two matrices do', async () => {
  const [a, b] = await trained(strict(''));
  expect(b).toEqual(a);
  expect(a).not.toEqual([...START]);
  const [matrix, kernel] = await trained(permissive(''));
  expect(matrix).toEqual(a!.map((value) => expect.closeTo(value, 5) as number));
  expect(kernel).toEqual(matrix);
});

// Source: Caffe's Net::AppendParam.
test.each([
  ['a later one, where the first says nothing', '', 'lr_mult: 0'],
  ['the first', 'lr_mult: 0', ''],
])('lr_mult is that of %s', async (_, first, second) => {
  expect(await trained(strict(second), first)).toEqual([[...START], [...START]]);
});
