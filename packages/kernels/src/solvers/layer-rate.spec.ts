import { readSolverText } from '@caffe-quant/caffe-io';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { runGraph } from '../graph/run-once.ts';
import { layerRate, ownRate } from './layer-rate.ts';

const RATE = 0.04;

/** The rate that weights of two numbers learn at, with the iteration's rate 0.04. */
async function rateOf(text: string, weights: number[], gradient: number[], momentum?: number): Promise<number> {
  const { solver } = readSolverText(`base_lr: 0.04 lr_policy: "fixed" max_iter: 4 ${text}`, 'solver.prototxt');
  const own = layerRate(solver)!;
  const { rate } = await runGraph(
    (g: GraphBuilder) => {
      const scheduled = g.input('m', []);
      const [value, difference, rate] = [g.input('w', [2]), g.input('d', [2]), g.input('r', [])];
      const rated = { value, gradient: difference, rate };
      const fixed = ownRate(g, own, { ...rated, momentum: 0.5 });
      return { rate: momentum === undefined ? fixed : ownRate(g, own, { ...rated, momentum: scheduled }) };
    },
    {
      w: Float32Array.from(weights),
      d: Float32Array.from(gradient),
      r: Float32Array.of(RATE),
      m: Float32Array.of(momentum ?? 0),
    },
  );
  return rate![0]!;
}

/** By hand, after NVIDIA/caffe 0.17.3: (1 - momentum) eta |w| / |d|; the momentum is 0.5 unless given. */
test.each([
  ['scale', [3, 4], [0, 2], undefined, RATE * (0.5 * 0.01 * (5 / 2))],
  ['scale', [3, 4], [0, 2], 0.75, RATE * (0.25 * 0.01 * (5 / 2))],
  ['clip', [3, 4], [0, 2], undefined, 0.5 * 0.01 * (5 / 2)],
  ['clip', [300, 400], [0, 2], undefined, RATE],
  ['clip', [0, 0], [0, 2], undefined, RATE],
  ['scale', [3, 4], [0, 0], undefined, RATE],
])('larc %s: weights %j, gradient %j, momentum %p', async (policy, weights, gradient, momentum, expected) => {
  const text = `larc: true larc_policy: "${policy}" larc_eta: 0.01`;
  expect(await rateOf(text, weights, gradient, momentum)).toBeCloseTo(expected, 7);
});

/** By hand, after intel/caffe: ratio |w| / (|d| + weight_decay |w|). */
test.each([
  ['local_lr_auto: true', [3, 4], [0, 2], RATE * (0.001 * (5 / 2))],
  ['local_lr_auto: true local_gw_ratio: 0.01 weight_decay: 0.2', [3, 4], [0, 2], RATE * (0.01 * (5 / 3))],
  ['local_lr_auto: true local_gw_ratio: 0.01', [0, 0], [0, 2], RATE],
  ['local_lr_auto: true local_gw_ratio: 0.01', [3, 4], [0, 0], RATE],
])('%s: weights %j, gradient %j', async (text, weights, gradient, expected) => {
  expect(await rateOf(text, weights, gradient)).toBeCloseTo(expected, 8);
});
