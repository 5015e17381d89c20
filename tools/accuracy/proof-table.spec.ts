import { type Judged, proofTable, valueOf } from './proof-table.ts';

const judged = (float: number, integer: number, torch?: number): Judged => ({
  evaluation: {
    models: {
      float: { metrics: { accuracy: float, loss: 0.3 } },
      postTraining: { metrics: { accuracy: integer, loss: 0.3 } },
      fakeQuant: undefined,
      integer: { metrics: { accuracy: integer, loss: 0.3 } },
    },
    onnx: { outputs: [{ sqnr: 60, same: { count: 199, of: 200 } }] },
  },
  seconds: 12.4,
  ...(torch !== undefined && {
    torch: { before: { loss: 1, accuracy: 0.5 }, after: { loss: 0.3, accuracy: torch }, seconds: 30 },
  }),
});

test('means over the seeds with their extremes, and each difference to the float net of the same seed', () => {
  const seeds = [judged(0.91, 0.908, 0.905), judged(0.92, 0.919, 0.92)];
  const [, , line] = proofTable([{ net: 'LeNet', recipe: 'retraining', metric: 'accuracy', seeds }]).split('\n');
  expect(line!.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, ''))).toEqual([
    ...['LeNet', 'retraining', '91.50 (91.00 to 92.00)', '91.35 (90.80 to 91.90)', '91.35 (90.80 to 91.90)', '-0.15'],
    ...['398 of 400', '12', '91.25 (90.50 to 92.00)', '-0.25', '30'],
  ]);
});

test('nothing of PyTorch where a seed is without it', () => {
  const seeds = [judged(0.91, 0.908, 0.905), judged(0.92, 0.919)];
  expect(proofTable([{ net: 'LeNet', recipe: 'retraining', metric: 'accuracy', seeds }])).toMatch(
    /\| 12 \| {2}\| {2}\| {2}\|$/,
  );
});

test('a loss of half the squared distance of an image as PSNR', () => {
  // A mean squared error of a hundredth of the peak's square.
  expect(valueOf('PSNR', { loss: (784 * 0.01) / 2 })).toBeCloseTo(20);
});
