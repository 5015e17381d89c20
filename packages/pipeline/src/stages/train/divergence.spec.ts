import { DivergenceWatch } from './divergence.ts';

const steps = (...losses: number[]) =>
  losses.map((loss, iteration) => ({ iteration, loss, learningRate: 1e-4, clips: {} }));

test.each<[string, number[], boolean]>([
  ['ten times the first one, five iterations in a row', [0.02, 0.3, 0.4, 0.5, 0.6, 0.7], true],
  ['as much for four', [0.02, 0.1, 0.4, 0.5, 0.6, 0.7], false],
  ['as much, with one below in between', [0.02, 0.3, 0.4, 0.1, 0.6, 0.7], false],
  ['much more than at first, but still small', [1e-5, 0.01, 0.01, 0.02, 0.09, 0.09], false],
  ['high from the beginning', [5, 6, 7, 8, 9, 10], false],
])('a loss %s: %j', (_, losses, expected) => {
  expect(new DivergenceWatch(0.1).isSuspect(steps(...losses))).toBe(expected);
});

const DIVERGING = steps(8.9e-3, 0.2, 0.5, 2, 30, 4_000);

test('against a start that does better on the same records it is an error with iteration, loss, rate and what to change', () => {
  const watch = new DivergenceWatch(0.1);
  expect(watch.isSuspect(DIVERGING)).toBe(true);
  expect(watch.settle(DIVERGING.at(-1)!, 0.0071)).toMatchObject({
    severity: 'error',
    code: 'diverges',
    message: expect.stringMatching(
      /in iteration 5, with the learning rate 0.0001, the loss is 4000, .* has 0.007100 on/,
    ),
    hint: expect.stringContaining('baseLr: 0.00001 '),
  });
});

test('a start that does no better is no divergence, and the question is not put again for such losses', () => {
  const watch = new DivergenceWatch(0.1);
  const odd = steps(0.001, 0.3, 0.3, 0.3, 0.3, 0.3);
  expect(watch.isSuspect(odd)).toBe(true);
  expect(watch.settle(odd.at(-1)!, 0.25)).toBeUndefined();
  expect(watch.isSuspect(odd)).toBe(false);
});
