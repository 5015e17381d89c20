import type { TrainerSnapshot } from '@caffe-quant/kernels';
import { Retreat } from './retreat.ts';

const trainerAt = (iteration: number) => ({
  iteration,
  snapshot: () => Promise.resolve<TrainerSnapshot>({ iteration, tensors: new Map(), lastGood: {} }),
});

/** A retreat of a training of 100 iterations that shows no divergence up to this one. */
async function watched(iterations: number): Promise<Retreat> {
  const retreat = new Retreat(100);
  for (let i = 0; i <= iterations; i++) await retreat.watch(trainerAt(i));
  return retreat;
}

const SEEN = { iteration: 42, learningRate: 0.01, cause: 'training diverges' };

test.each([
  ['nothing but the start at first', 9, undefined],
  ['a state is on probation for ten iterations', 19, undefined],
  ['then it is good', 20, 10],
  ['every tenth one is tried, one at a time', 45, 30],
])('%s: after %d iterations', async (_, iterations, good) => {
  expect((await watched(iterations)).state.good?.iteration).toBe(good);
});

test('goes back with a tenth of the rate each time, to the start where a state has led there twice, three times at most', async () => {
  const retreat = await watched(45);
  expect(retreat.rateFactor).toBe(1);
  expect(retreat.back(SEEN)).toBe(true);
  expect(retreat.setbacks).toEqual([{ ...SEEN, backTo: 30, slowerBy: 0.1 }]);
  expect([retreat.rateFactor, retreat.state.good?.iteration]).toEqual([0.1, 30]);
  expect(retreat.back({ ...SEEN, learningRate: 0.001 })).toBe(true);
  expect(retreat.state.good).toBeUndefined();
  expect(retreat.rateFactor).toBeCloseTo(0.01, 10);
  expect(retreat.back(SEEN)).toBe(true);
  expect(retreat.back(SEEN)).toBe(false);
  expect(retreat.setbacks.map(({ backTo }) => backTo)).toEqual([30, 0, 0]);
});

test('a state that was on probation when training diverged is none to go back to', async () => {
  const retreat = await watched(45);
  retreat.back(SEEN);
  for (let i = 30; i <= 38; i++) await retreat.watch(trainerAt(i));
  expect(retreat.state).toMatchObject({ good: { iteration: 30 }, candidate: undefined });
});

test('goes on from a saved state', async () => {
  const retreat = await watched(45);
  retreat.back(SEEN);
  const resumed = new Retreat(100);
  resumed.restore(retreat.state);
  expect(resumed.state).toEqual(retreat.state);
  expect(resumed.rateFactor).toBe(0.1);
});
