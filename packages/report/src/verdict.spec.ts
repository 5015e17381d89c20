import { lenetCalibrateOnly, lenetEvaluation } from './testing/lenet-report.ts';
import { verdictOf } from './verdict.ts';
import type { EvaluationResult } from './report-input.ts';

/** LeNet's evaluation with other accuracies; the float net has 90.15 %. */
function accuracies(integer: number, more: { postTraining?: number; fakeQuant?: number } = {}): EvaluationResult {
  const evaluation = lenetEvaluation();
  for (const [name, accuracy] of Object.entries({ ...more, integer })) {
    evaluation.models[name as 'integer']!.metrics.accuracy = accuracy;
  }
  return evaluation;
}

it.each([
  [0.91, 'kept'],
  [0.9015, 'kept'],
  [0.8965, 'kept'],
  [0.896, 'reduced'],
  [0.8815, 'reduced'],
  [0.881, 'lost'],
  [0.1, 'lost'],
])('with an accuracy of %d it is %s', (integer, level) => expect(verdictOf(accuracies(integer)).level).toBe(level));

it('says by how much, and how many records that is', () => {
  expect(verdictOf(lenetEvaluation()).sentences).toEqual([
    "The integer model reaches 89.95 % accuracy on 2,000 test records, 0.20 points below the float net's 90.15 %; that is 4 records.",
    'Retraining gained 0.55 points over post-training quantization (89.45 %).',
    'The integer and the fake-quant model agree on 99.95 % of the predictions (1,999 of 2,000).',
  ]);
});

it.each([
  [0.9015, /accuracy on 2,000 test records, equal to the float net's 90.15 %\.$/],
  [0.902, /0.05 points above the float net's 90.15 %; that is 1 record\.$/],
])('words an accuracy of %d', (integer, expected) =>
  expect(verdictOf(accuracies(integer)).sentences[0]).toMatch(expected),
);

it.each([
  [0.8945, 'Retraining changed nothing against post-training quantization (89.45 %).'],
  [0.89, 'Retraining lost 0.45 points against post-training quantization (89.45 %).'],
])('says what retraining did to reach %d', (fakeQuant, expected) => {
  expect(verdictOf(accuracies(0.89, { fakeQuant })).sentences[1]).toBe(expected);
});

it('does not speak of retraining where nothing was trained', () => {
  expect(verdictOf(lenetCalibrateOnly().evaluation).sentences).toHaveLength(2);
});

it('judges the fake-quant model where there is no integer one', () => {
  const evaluation = lenetEvaluation();
  delete evaluation.models.integer;
  expect(verdictOf(evaluation)).toMatchObject({ model: 'fakeQuant', metric: 'accuracy' });
});

it.each<[string, Partial<EvaluationResult>, string]>([
  ['no accuracy', { accuracyMetrics: [] }, 'Quantized; the net has no accuracy, and accuracy changed by -0.0020'],
  [
    'no metric',
    { accuracyMetrics: [], models: { float: { metrics: {} }, integer: { metrics: {} } } },
    'Quantized; the net has no accuracy to compare',
  ],
  ['no quantized model', { models: { float: { metrics: { accuracy: 1 } } } }, 'Nothing is quantized'],
])('of a net with %s nothing is known', (_, change, headline) => {
  expect(verdictOf({ ...lenetEvaluation(), ...change })).toMatchObject({ level: 'unknown', headline });
});
