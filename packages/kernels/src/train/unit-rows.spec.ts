import { buildNetGraph, type Caffemodel, createMessage, readSolverText } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { fitWeights } from '../net/fit-weights.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { Trainer } from './trainer.ts';

/** `normalize` of caffe-windows' InnerProduct, against its loops in float64: forward, backward, SGD. */

const [IMAGES, INPUTS, OUTPUTS] = [2, 3, 2];
const netOf = (ip: string) => `
layer { name: "data" type: "HDF5Data" top: "x" top: "want" }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" inner_product_param { num_output: ${OUTPUTS} ${ip} } }
layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "want" top: "loss" }`;
const graphOf = (ip: string) => buildNetGraph(parseNet(netOf(ip)), { file: 'net.prototxt', phase: 'TRAIN' }).graph;
const graph = graphOf('normalize: true');
const inputShapes = new Map([
  ['x', [IMAGES, INPUTS]],
  ['want', [IMAGES, OUTPUTS]],
]);
const W = [3, -1, 2, 0.5, 4, -2];
const B = [0.25, -0.5];
const X = [1, 2, -1, 0.5, -0.25, 3];
const WANT = [1, 0, -1, 2];
const [RATE, MOMENTUM, DECAY] = [0.125, 0.5, 0.25];

/** Each row of w over the root of its squares and 1e-6, as `Forward_cpu` stores it. */
function normalize(w: number[]): void {
  for (let n = 0; n < OUTPUTS; n++) {
    let squares = 1e-6;
    for (let k = 0; k < INPUTS; k++) squares += w[n * INPUTS + k]! ** 2;
    for (let k = 0; k < INPUTS; k++) w[n * INPUTS + k]! /= Math.sqrt(squares);
  }
}

/** The fork's iterations, ending with the normalization that the next forward pass begins with. */
function reference(iterations: number): { w: number[]; b: number[]; losses: number[] } {
  const [w, b] = [[...W], [...B]];
  const history = { w: W.map(() => 0), b: B.map(() => 0) };
  const losses: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    normalize(w);
    const gradient = { w: W.map(() => 0), b: B.map(() => 0) };
    let loss = 0;
    for (let m = 0; m < IMAGES; m++) {
      for (let n = 0; n < OUTPUTS; n++) {
        let y = b[n]!;
        for (let k = 0; k < INPUTS; k++) y += X[m * INPUTS + k]! * w[n * INPUTS + k]!;
        const difference = y - WANT[m * OUTPUTS + n]!;
        loss += difference ** 2 / 2 / IMAGES;
        gradient.b[n]! += difference / IMAGES;
        for (let k = 0; k < INPUTS; k++) gradient.w[n * INPUTS + k]! += (difference / IMAGES) * X[m * INPUTS + k]!;
      }
    }
    losses.push(loss);
    for (const [blob, name] of [
      [w, 'w'],
      [b, 'b'],
    ] as const) {
      blob.forEach((value, i) => {
        history[name][i] = MOMENTUM * history[name][i]! + RATE * (gradient[name][i]! + DECAY * value);
        blob[i] = value - history[name][i]!;
      });
    }
  }
  normalize(w);
  return { w, b, losses };
}

const model: Caffemodel = {
  ...{ name: '', net: createMessage('NetParameter'), format: 'binary', dialect: 'bvlc', diagnostics: [] },
  layers: [
    {
      ...{ name: 'ip', type: 'InnerProduct', param: createMessage('LayerParameter', { name: 'ip' }) },
      blobs: [
        { shape: [OUTPUTS, INPUTS], data: Float32Array.from(W) },
        { shape: [OUTPUTS], data: Float32Array.from(B) },
      ],
    },
  ],
};

const close = (actual: ArrayLike<number>, expected: readonly number[]) =>
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 6));

test.each([1, 2])("a training of %d and three more iterations is the fork's", async (iterations) => {
  const { weights } = fitWeights(graph, inputShapes, model, 'w.caffemodel');
  const { solver } = readSolverText(
    `base_lr: ${RATE} lr_policy: "fixed" momentum: ${MOMENTUM} weight_decay: ${DECAY}`,
    'solver.prototxt',
  );
  const trainer = await Trainer.create({ graph, solver, inputShapes, weights });
  const batch = new Map([
    ['x', Float32Array.from(X)],
    ['want', Float32Array.from(WANT)],
  ]);
  const losses: number[] = [];
  for (let i = 0; i < iterations; i++) losses.push((await trainer.step(batch)).loss);
  const expected = reference(iterations);
  close(losses, expected.losses);
  const [w, b] = (await trainer.weights()).get('ip')!;
  close(w!, expected.w);
  close(b!, expected.b);
  await trainer.close();
});

test('weights have the norm from the start, those of a file and those of a filler', () => {
  const expected = [...W];
  normalize(expected);
  close(fitWeights(graph, inputShapes, model, 'w.caffemodel').weights.get('ip')![0]!, expected);
  const filled = graphOf('normalize: true weight_filler { type: "xavier" }');
  const [w] = initialWeights(filled, inputShapes, 1).get('ip')!;
  for (let n = 0; n < OUTPUTS; n++) {
    expect(Math.hypot(...w!.subarray(n * INPUTS, (n + 1) * INPUTS))).toBeCloseTo(1, 5);
  }
});

test.each([
  ['with transpose', 'normalize: true transpose: true', /normalize with transpose/],
  [
    'of a blob that another layer has as it is',
    `normalize: true } param { name: "w" } }
     layer { name: "ip2" type: "InnerProduct" bottom: "x" top: "y2" param { name: "w" } inner_product_param { num_output: 2`,
    /is normalized in one layer and not in the other/,
  ],
])('refused: %s', (_, ip, message) => {
  expect(() => initialWeights(graphOf(ip), inputShapes, 1)).toThrow(message);
});
