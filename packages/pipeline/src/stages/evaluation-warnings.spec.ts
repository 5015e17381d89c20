import type { EvaluationResult } from '@caffe-quant/report';
import { evaluationWarnings } from './evaluation-warnings.ts';

const evaluation = (postTraining: number, fakeQuant: number, agreement = 1): Omit<EvaluationResult, 'warnings'> => ({
  records: 2000,
  models: {
    float: { metrics: { accuracy: 0.9 } },
    postTraining: { metrics: { accuracy: postTraining } },
    fakeQuant: { metrics: { accuracy: fakeQuant } },
    integer: { metrics: { accuracy: fakeQuant } },
  },
  accuracyMetrics: ['accuracy'],
  agreement: { integerVsFakeQuant: agreement },
  layers: [],
});

test('training that gains says nothing', () => {
  expect(evaluationWarnings(evaluation(0.85, 0.9))).toEqual([]);
  expect(evaluationWarnings(evaluation(0.9, 0.9))).toEqual([]);
});

test('a QAT result below the post-training one is a warning with both figures and what to try', () => {
  expect(evaluationWarnings(evaluation(0.9, 0.88))).toEqual([
    'training lowered accuracy from 90.00 % (post-training) to 88.00 %: ' +
      'lower base_lr, train for longer, or export without training',
  ]);
});

test('models that agree on less than 99.9 % of the predictions are a warning', () => {
  expect(evaluationWarnings(evaluation(0.9, 0.9, 0.9985))).toEqual([
    expect.stringContaining('agree on 99.85 % of the predictions only'),
  ]);
  expect(evaluationWarnings(evaluation(0.9, 0.9, 0.999))).toEqual([]);
});

test('a net without accuracies is compared by nothing', () => {
  expect(evaluationWarnings({ ...evaluation(0.9, 0.1), accuracyMetrics: [] })).toEqual([]);
});

test('an ONNX model that is not the integer model is a warning with the output and the first layer', () => {
  const output = { name: 'prob', shape: ['batch', 10], sqnr: 4, largestDifference: 0.5 };
  const onnx = (differsFrom?: string) => ({
    records: 256,
    opset: 13,
    outputs: [{ ...output, ...(differsFrom !== undefined && { differsFrom }) }],
  });
  expect(evaluationWarnings({ ...evaluation(0.9, 0.9), onnx: onnx() })).toEqual([]);
  expect(evaluationWarnings({ ...evaluation(0.9, 0.9), onnx: onnx('conv2') })).toEqual([
    "the ONNX model's output 'prob' differs from the integer model's by more than rounding explains (4.0 dB), " +
      "from layer 'conv2' on: do not ship the ONNX model",
  ]);
});
