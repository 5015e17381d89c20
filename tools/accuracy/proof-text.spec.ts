import { goalTable } from './proof-goals.ts';
import { type Judged, type ProofRow, valueOf } from './proof-row.ts';
import { proofText } from './proof-text.ts';
import { RECIPES } from './recipes.ts';

const judged = (float: number, integer: number, torch?: number, agreement = 1): Judged => ({
  evaluation: {
    models: {
      float: { metrics: { accuracy: float } },
      control: { metrics: { accuracy: float } },
      postTraining: { metrics: { accuracy: 0.9 } },
      fakeQuant: { metrics: { accuracy: integer } },
      integer: { metrics: { accuracy: integer } },
    },
    agreement: { integerVsFakeQuant: agreement },
  },
  onnx: { accuracy: integer },
  seconds: { calibrate: 3, train: 12.4 },
  ...(torch !== undefined && {
    torch: { before: { loss: 1, accuracy: 0.5 }, after: { loss: 0.3, accuracy: torch }, seconds: 30 },
  }),
});

const row = (label: string, seeds: readonly Judged[], retrains = true): ProofRow => ({
  ...{ net: 'LeNet', metric: 'accuracy', seeds },
  recipe: RECIPES.find((recipe) => recipe.label === label && recipe.retrains === retrains)!,
});

const cells = (text: string, line: RegExp): string[] =>
  text
    .split('\n')
    .find((each) => line.test(each))!
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

test('means over the seeds with their extremes, and each difference to the float net of the same seed', () => {
  const seeds = [judged(0.91, 0.908, 0.905, 0.9997), judged(0.92, 0.919, 0.92)];
  expect(cells(proofText([row('from IFMR, per channel', seeds)]), /^\| LeNet \| from IFMR/)).toEqual([
    ...['LeNet', 'from IFMR, per channel', '2', '91.50 (91.00 to 92.00)', '91.50 (91.00 to 92.00)'],
    ...['90.00 (90.00 to 90.00)', '91.35 (90.80 to 91.90)', '91.35 (90.80 to 91.90)', '-0.15', '99.97 %'],
    ...['91.35 (90.80 to 91.90)', '12', '50.00 (50.00 to 50.00)', '91.25 (90.50 to 92.00)', '-0.25', '30'],
  ]);
});

test('seeds that PyTorch has not done yet are not averaged into a difference', () => {
  const seeds = [judged(0.91, 0.908, 0.905), judged(0.92, 0.919)];
  const found = cells(proofText([row('from IFMR, per channel', seeds)]), /^\| LeNet \| from IFMR/);
  expect(found.slice(-4)).toEqual(['50.00', '90.50', '', '30']);
});

describe('goals', () => {
  const verdict = (rows: readonly ProofRow[], goal: RegExp) => cells(goalTable(rows), goal).slice(2);

  test('the worst row of a net decides, exactly at the limit it is met', () => {
    const rows = [
      row('from IFMR, per channel', [judged(0.91, 0.909)]),
      row('from IFMR, per tensor', [judged(0.91, 0.9095)]),
    ];
    expect(verdict(rows, /retrained from IFMR/)).toEqual(['from IFMR, per channel', '-0.10', 'met']);
    rows.push(row('from IFMR, per tensor', [judged(0.91, 0.9088)]));
    expect(verdict(rows, /retrained from IFMR/)).toEqual(['from IFMR, per tensor', '-0.12', '**missed**']);
  });

  test('of the options of calibration the best decides', () => {
    const rows = [
      row('IFMR, per channel', [judged(0.91, 0.8)], false),
      row('KL, per channel', [judged(0.91, 0.906)], false),
    ];
    expect(verdict(rows, /best option/)).toEqual(['KL, per channel', '-0.40', 'met']);
  });

  test('a seed that is better than PyTorch does not make up for another one in what every seed has to hold', () => {
    const seeds = [judged(0.91, 0.91, 0.912, 0.9994), judged(0.92, 0.92, 0.918)];
    const rows = [row('from halved ranges, per tensor', seeds)];
    expect(verdict(rows, /PyTorch/)).toEqual(['from halved ranges, per tensor', '+0.00', 'met']);
    expect(verdict(rows, /99.95/)).toEqual(['from halved ranges, per tensor', '99.94', '**missed**']);
  });
});

test('a loss of half the squared distance of an image as PSNR', () => {
  // A mean squared error of a hundredth of the peak's square.
  expect(valueOf('PSNR', { loss: (784 * 0.01) / 2 })).toBeCloseTo(20);
});
