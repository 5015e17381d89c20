import { buildNetGraph, createMessage, readNetText } from '@caffe-quant/caffe-io';
import { Judge, type NetWeights } from '@caffe-quant/kernels';
import { testSchedule, TrainingTests, type TestedTrainer, type TestsOfTraining } from './training-tests.ts';

const NET = `
layer { name: "in" type: "Input" top: "data" input_param { shape { dim: 1 dim: 4 } } }
layer { name: "box" type: "InnerProduct" bottom: "data" top: "box" inner_product_param { num_output: 2 } }
`;
const judge = Judge.of(buildNetGraph(readNetText(NET, 'net').net, { file: 'net', phase: 'TEST' }).graph)!;
const { signal } = new AbortController();

const weightsAfter = (iteration: number): NetWeights => new Map([['box', [Float32Array.of(iteration)]]]);

/** A trainer whose weights are the number of its iterations. */
class CountingTrainer implements TestedTrainer {
  iteration = 0;
  weights = () =>
    Promise.resolve(new Map([...weightsAfter(this.iteration)].map(([name, blobs]) => [name, [...blobs]])));
  clips = () => new Map();
  snapshot = () => Promise.resolve({ iteration: this.iteration, tensors: new Map(), lastGood: {} });
  restore = ({ iteration }: { iteration: number }) => void (this.iteration = iteration);
}

/** Goes through a training whose ratios after 0, 5, ... iterations are these, on the tested records and on all. */
async function choice(onSome: readonly number[], onAll: readonly number[], selectsBest = true) {
  const indices: number[] = [];
  const pass = (ratios: readonly number[]): TestsOfTraining['pass'] => ({
    run: (index, weights) => {
      indices.push(index);
      return Promise.resolve({ 'box SQNR dB': ratios[weights.get('box')![0]![0]! / 5]! });
    },
  });
  const schedule = { every: 5, atStart: true, atEnd: true, batches: 3 };
  const tests = new TrainingTests({ schedule, judge, selectsBest, pass: pass(onSome), wholePass: pass(onAll) });
  const trainer = new CountingTrainer();
  for (; trainer.iteration <= 10; trainer.iteration++) await tests.runIfDue(trainer, 10, signal);
  const chosen = await tests.choose(trainer, { weights: weightsAfter(0), clips: new Map() }, signal);
  return { chosen, indices };
}

test.each([
  ['the best test', [30, 33, 31], [30, 33, 31], 5, 33],
  ['the start, where that was the best test', [30, 12, 2], [29, 11, 2], 0, 29],
  ['the start, where it is better on all records than the best test', [30, 31, 29], [30, 28, 29], 0, 30],
  ['no test whose figure is none', [30, NaN, 29], [30, NaN, 29], 0, 30],
])('what is handed over is %s', async (_, onSome, onAll, iteration, value) => {
  const { chosen } = await choice(onSome, onAll);
  expect(chosen).toMatchObject({ iteration, value, metric: 'box SQNR dB', net: { weights: weightsAfter(iteration) } });
});

test('tests that choose are on the same records, others go on in the data', async () => {
  const { indices } = await choice([30, 31, 32], [30, 31, 32]);
  expect(indices).toEqual([0, 0, 0, 0, 0]);
  const unchosen = await choice([30, 31, 32], [30, 31, 32], false);
  expect(unchosen).toEqual({ chosen: undefined, indices: [0, 1, 2] });
});

test('the start is tested where the best is chosen, whatever the solver says', () => {
  const solver = createMessage('SolverParameter', { test_interval: 5, test_iter: [2], test_initialization: false });
  expect(testSchedule(solver, true)).toEqual({ every: 5, atStart: true, atEnd: true, batches: 2 });
  expect(testSchedule(solver, false)).toEqual({ every: 5, atStart: false, atEnd: false, batches: 2 });
  expect(testSchedule(createMessage('SolverParameter', { max_iter: 100 }), false)).toBeUndefined();
});
