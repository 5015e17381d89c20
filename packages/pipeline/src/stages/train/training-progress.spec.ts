import { explosionLine } from './training-progress.ts';

const steps = (...losses: number[]) =>
  losses.map((loss, iteration) => ({ iteration, loss, learningRate: 0.01, clips: {} }));

test('a loss a hundred times that of the first iteration is told once', () => {
  expect(explosionLine(steps(8.9, 246))).toBeUndefined();
  expect(explosionLine(steps(8.9, 246, 29_335))).toBe(
    'warning: training diverges: the loss rose from 8.900 to 2.934e+4 by iteration 2, with the learning rate 0.01: ' +
      'try a tenth of base_lr',
  );
  expect(explosionLine(steps(8.9, 246, 29_335, 30_000))).toBeUndefined();
});

test('a loss that begins at 0 grows by no factor', () => {
  expect(explosionLine(steps(0, 5))).toBeUndefined();
});
