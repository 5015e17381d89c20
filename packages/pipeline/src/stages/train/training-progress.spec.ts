import { explosionLine, Pace, progressLine } from './training-progress.ts';

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

describe('the line of progress', () => {
  const display = { every: 2, averageLoss: 1 };
  const kind = { iterations: 300, records: 64 };

  test.each([
    [20, 'iteration 2 of 300: loss 2.0000 (mean of 2), rate 0.01, 3,200 records/s, 6 s to go'],
    [2000, 'iteration 2 of 300: loss 2.0000 (mean of 2), rate 0.01, 32 records/s, 10 min to go'],
    [600_000, 'iteration 2 of 300: loss 2.0000 (mean of 2), rate 0.01, 0.11 records/s, 49.7 h to go'],
    [0, 'iteration 2 of 300: loss 2.0000 (mean of 2), rate 0.01'],
  ])('at %i ms an iteration', (pace, line) => expect(progressLine(steps(1, 3), display, kind, pace)).toBe(line));

  test('is told of whole intervals, of the last iteration, and of the device', () => {
    expect(progressLine(steps(1), display, kind, 1)).toBeUndefined();
    expect(progressLine(steps(1), display, { iterations: 1, records: 1, device: 'webgpu' }, 1)).toBe(
      'iteration 1 of 1 on webgpu: loss 1.0000 (mean of 1), rate 0.01, 1,000 records/s',
    );
  });
});

test('a pace is that since the last line, from where a run was resumed or went back to', () => {
  const pace = new Pace(100);
  expect(pace.lap(110, 500)).toBe(50);
  pace.restart(110, 500);
  expect(pace.lap(120, 700)).toBe(20);
  pace.restart(60, 800);
  expect(pace.lap(60, 900)).toBe(0);
  expect(pace.lap(70, 900)).toBe(10);
});
