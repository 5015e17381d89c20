import { describeAgreement } from './describe-agreement.ts';
import type { Agreement, EvaluationResult } from './report-input.ts';

const result = (agreement: Agreement, isTrained = true): EvaluationResult => ({
  records: 2000,
  models: { float: { metrics: {} }, ...(isTrained && { fakeQuant: { metrics: {} } }) },
  accuracyMetrics: [],
  agreement,
  layers: [],
  warnings: [],
});

test.each<[string, Agreement, string[]]>([
  [
    'one prediction a record',
    { integerVsFakeQuant: 0.9995 },
    ['The integer and the fake-quant model agree on 99.95 % of the predictions (1,999 of 2,000).'],
  ],
  [
    'several a record',
    { integerVsFakeQuant: 0.5, of: 8000 },
    ['The integer and the fake-quant model agree on 50.00 % of the predictions (4,000 of 8,000).'],
  ],
  [
    'detections',
    { integerVsFakeQuant: 0.99, of: 200, counted: 'detections', records: 55, ratios: { loc: 48.26, conf: 200 } },
    [
      'The integer and the fake-quant model agree on 99.00 % of the detections (198 of 200, on 55 records).',
      'The integer and the fake-quant model agree in their outputs: loc to 48.3 dB, conf equal.',
    ],
  ],
  [
    'many outputs',
    { ratios: { a: 60, b: 50, c: 70, d: 80 }, records: 256 },
    [
      'The integer and the fake-quant model agree in their outputs: b to 50.0 dB, a to 60.0 dB, c to 70.0 dB and 1 more, on 256 records.',
    ],
  ],
  ['nothing known', {}, []],
])('%s', (_name, agreement, sentences) => {
  expect(describeAgreement(result(agreement))).toEqual(sentences);
});

test('without training the model before it is the post-training one', () => {
  expect(describeAgreement(result({ integerVsFakeQuant: 1 }, false))).toEqual([
    'The integer and the post-training model agree on 100.00 % of the predictions (2,000 of 2,000).',
  ]);
});
