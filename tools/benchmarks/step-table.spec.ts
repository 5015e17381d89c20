import { median } from './median.ts';
import type { StepFigures } from './step-request.ts';
import { noise, type Row, summary, table } from './step-table.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %d', (values, expected) => expect(median(values)).toBe(expected));

const figures = (times: number[], peak: number, before: number): StepFigures => ({ times, losses: [], peak, before });
const row = (kind: Row['kind'], ours: number, torch?: number): Row => ({
  ...{ label: 'LeNet', batch: 64, kind, ours: { figures: [figures([ours, ours], 300, 200)] } },
  ...(torch !== undefined && { torch: { figures: [figures([torch], 150, 100)], layout: 'contiguous' } }),
});

test('the time of a side is the median of all its steps, its memory the largest peak', () => {
  const side = { figures: [figures([10, 30], 100, 50), figures([20], 120, 52)] };
  expect(summary(side)).toEqual({ milliseconds: 20, peak: 120, before: 51 });
});

test('a row has both sides and their ratios, QAT beside float too', () => {
  const [head, , float, qat] = table([row('float', 20, 40), row('QAT', 150, 50)]).split('\n');
  expect(head).toMatch(/^\| net \| batch \| kind \| ours ms \| PyTorch ms \| ratio \| ours MiB \|/);
  expect(float).toBe('| LeNet | 64 | float | 20.0 | 40.0 | 0.50 | 300 (200) | 150 (100) | 2.00 |  | contiguous |');
  expect(qat).toBe('| LeNet | 64 | QAT | 150 | 50.0 | 3.00 | 300 (200) | 150 (100) | 2.00 | 7.50 | contiguous |');
});

test('without PyTorch its columns are empty', () => {
  expect(table([row('float', 20)]).split('\n')[2]).toBe('| LeNet | 64 | float | 20.0 |  |  | 300 (200) |  |  |  |  |');
});

test('an earlier state has columns of its own', () => {
  const [head, , line] = table([{ ...row('float', 20), before: { figures: [figures([80], 600, 200)] } }]).split('\n');
  expect(head).toMatch(/\| before ms \| ours \/ before \| before MiB \| ours \/ before \|$/);
  expect(line).toMatch(/\| 80\.0 \| 0\.25 \| 600 \(200\) \| 0\.50 \|$/);
});

test('rows whose steps took unequal time are named', () => {
  const noisy: Row = { ...row('QAT', 1), torch: { figures: [figures([10, 20, 30], 1, 1)] } };
  expect(noise([row('float', 20, 40)])).toEqual([]);
  expect(noise([row('float', 20, 40), noisy])).toEqual([
    'Not quiet, median step to fastest: LeNet, batch 64, QAT, PyTorch (2.00).',
  ]);
});
