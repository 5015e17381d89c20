import { readSolverState, readSolverText, writeSolverState } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import { smallBatch, smallGraph, smallShapes } from '../testing/small-net.ts';
import { toSolverState, withSolverState } from './solver-state.ts';
import { Trainer } from './trainer.ts';

const graph = smallGraph('TRAIN');
const inputShapes = smallShapes(8);
const start = initialWeights(graph, inputShapes, 2);
const solverOf = (text: string) => readSolverText(`base_lr: 0.02 ${text}`, 'solver.prototxt').solver;
const trainerOf = (text: string, weights = start) =>
  Trainer.create({ graph, solver: solverOf(text), inputShapes, weights });

async function advance(trainer: Trainer, iterations: number): Promise<void> {
  for (let i = 0; i < iterations; i++) await trainer.step(smallBatch(trainer.iteration * 8, 8));
}

const POLICY = 'lr_policy: "multistep" gamma: 0.5 stepvalue: 2 stepvalue: 5';
const SOLVERS: [string, number][] = [
  ['SGD', 4],
  ['Nesterov', 4],
  ['AdaGrad', 4],
  ['RMSProp', 4],
  ['AdaDelta', 8],
  ['Adam', 8],
];

test.each(SOLVERS)('%s goes on from a solver state as if it had never stopped', async (type, histories) => {
  const text = `type: "${type}" ${POLICY} ${type === 'RMSProp' || type === 'AdaGrad' ? '' : 'momentum: 0.9'} delta: 1e-6`;
  const portable = (trainer: Trainer) => ({ solver: solverOf(text), params: trainer.params });
  const whole = await trainerOf(text);
  await advance(whole, 3);
  const bytes = writeSolverState(toSolverState(await whole.snapshot(), portable(whole), 'small_iter_3.caffemodel'));
  const weights = await whole.weights();
  await advance(whole, 3);

  const state = readSolverState(bytes, 'small_iter_3.solverstate');
  expect(state).toMatchObject({ iter: 3, currentStep: 1, learnedNet: 'small_iter_3.caffemodel' });
  expect(state.history.map(({ shape }) => shape).slice(0, 4)).toEqual([[3, 1, 3, 3], [3], [4, 48], [4]]);
  expect(state.history).toHaveLength(histories);
  const resumed = await trainerOf(text, weights);
  resumed.restore(withSolverState(await resumed.snapshot(), portable(resumed), state, 'small_iter_3.solverstate'));
  await advance(resumed, 3);
  expect(resumed.iteration).toBe(6);
  expect(await resumed.weights()).toEqual(await whole.weights());
  await whole.close();
  await resumed.close();
});

test.each([
  ['another solver', 'type: "Adam" lr_policy: "fixed" momentum: 0.9', 'has 4 histories; Adam on this net has 8'],
  ['another net', 'lr_policy: "fixed" momentum: 0.9', 'history 2 has 1 numbers; ip/0 is [4, 48]'],
])('the state of %s is refused', async (_, text, message) => {
  const trainer = await trainerOf('lr_policy: "fixed" momentum: 0.9');
  const state = toSolverState(
    await trainer.snapshot(),
    { solver: solverOf('lr_policy: "fixed"'), params: trainer.params },
    '',
  );
  if (message.includes('history 2')) state.history[2] = { shape: [1], data: new Float32Array(1) };
  const portable = { solver: solverOf(text), params: trainer.params };
  const snapshot = await trainer.snapshot();
  expect(() => withSolverState(snapshot, portable, state, 'x.solverstate')).toThrow(message);
  await trainer.close();
});
