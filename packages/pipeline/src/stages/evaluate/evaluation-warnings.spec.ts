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

const TREND = { first: 8.9, last: 29_335.2, steps: 20, learningRate: 0.01 };

test('a QAT result below the post-training one is a warning with both figures and what to try', () => {
  expect(evaluationWarnings(evaluation(0.9, 0.88), { loss: { ...TREND, last: 7 } })).toEqual([
    'training made the net worse: accuracy fell from 90.00 % (post-training) to 88.00 %: write select: best into ' +
      'the options (--select best), which hands over nothing worse than post-training; try a tenth of base_lr ' +
      '(it began with 0.01), fewer iterations, or export without training (mode: calibrate)',
  ]);
  const selected = { iteration: 5, metric: 'accuracy', value: 0.88 };
  expect(evaluationWarnings(evaluation(0.9, 0.88), { selected })).toEqual([
    expect.not.stringContaining('write select: best'),
  ]);
});

describe('without an accuracy', () => {
  const measured = (name: string, better: 'higher' | 'lower', before: number, after: number) => ({
    ...evaluation(0, 0),
    accuracyMetrics: [],
    better: { [name]: better },
    models: {
      float: { metrics: {} },
      postTraining: { metrics: { [name]: before } },
      fakeQuant: { metrics: { [name]: after } },
      integer: { metrics: { [name]: after } },
    },
  });

  test.each([
    [
      'prob SQNR dB',
      'higher',
      30.4,
      12.04,
      'prob SQNR dB fell from 30.4 (post-training) to 12.04; the training loss went from 8.9 to 29340 (means of 20 iterations)',
    ],
    ['loss', 'lower', 0.25, 0.3, 'loss rose from 0.25 (post-training) to 0.3; the training loss went from'],
  ] as const)('%s tells', (name, better, before, after, text) => {
    const [warning] = evaluationWarnings(measured(name, better, before, after), { loss: TREND });
    expect(warning).toContain(`training made the net worse: ${text}`);
    expect(warning).toContain('try a tenth of base_lr (it began with 0.01)');
  });

  test.each([
    ['prob SQNR dB', 'higher', 30.4, 30.35],
    ['prob SQNR dB', 'higher', 30.4, 36],
    ['loss', 'lower', 0.25, 0.25],
    ['loss', 'lower', 0.25, 0.2],
  ] as const)('%s (%s) from %d to %d is not a loss', (name, better, before, after) => {
    expect(evaluationWarnings(measured(name, better, before, after), { loss: { ...TREND, last: 1 } })).toEqual([]);
  });

  test('an integer model that is far from the float net is a warning, whoever made it so', () => {
    const far = measured('prob SQNR dB', 'higher', 33, 4.7123);
    const { fakeQuant: _, ...calibrated } = far.models;
    expect(evaluationWarnings({ ...far, models: calibrated })).toEqual([
      expect.stringMatching(
        /^the integer model is far from the float net: prob SQNR dB is 4.712; see whether the calib/,
      ),
    ]);
    expect(evaluationWarnings(measured('prob SQNR dB', 'higher', 10.1, 10.2))).toEqual([]);
    expect(evaluationWarnings(measured('loss', 'lower', 0.1, 0.1))).toEqual([]);
  });

  test('a training loss that grew is told, unless other weights than the last were taken', () => {
    const metric = measured('loss', 'lower', 0.25, 0.25);
    expect(evaluationWarnings(metric, { loss: TREND })).toEqual([
      expect.stringContaining('the training loss went from 8.9 to 29340 (means of 20 iterations): write select: best'),
    ]);
    const selected = { iteration: 10, metric: 'loss', value: 0.25 };
    expect(evaluationWarnings(metric, { loss: TREND, selected })).toEqual([]);
  });

  test('a training that was for nothing is told', () => {
    const selected = { iteration: 0, metric: 'prob SQNR dB', value: 30 };
    expect(evaluationWarnings(measured('prob SQNR dB', 'higher', 30, 30), { loss: TREND, selected })).toEqual([
      expect.stringMatching(/^training gained nothing: no test was better than post-training by prob SQNR dB, .*tenth/),
    ]);
  });

  test.each<[string, number, string[]]>([
    ['that gains more than the other loses', 24, []],
    ['but the other loses more than 1 dB', 20, ['training made the outputs better on the whole, but not all']],
    ['less than the other loses', 10, ['training made the net worse: boxes SQNR dB fell from 24.5']],
  ])('of two outputs their mean tells: one %s', (_, boxes, starts) => {
    const one = measured('scores SQNR dB', 'higher', 40, 45);
    const { postTraining, fakeQuant } = one.models;
    const models = {
      ...one.models,
      postTraining: { metrics: { ...postTraining!.metrics, 'boxes SQNR dB': 24.5 } },
      fakeQuant: { metrics: { ...fakeQuant!.metrics, 'boxes SQNR dB': boxes } },
    };
    const better = { ...one.better, 'boxes SQNR dB': 'higher' as const };
    expect(evaluationWarnings({ ...one, models, better })).toEqual(starts.map((text) => expect.stringContaining(text)));
  });
});

test('models that differ are a warning where a layer makes the difference, with what to write', () => {
  expect(evaluationWarnings(evaluation(0.9, 0.9, 0.9985))).toEqual([]);
  const different = { ...evaluation(0.9, 0.9), agreement: { differsFrom: { layer: 'conv2', ratio: 12.34 } } };
  expect(evaluationWarnings(different)).toEqual([
    "the integer model is not the fake-quant model: from layer 'conv2' on they differ by more than rounding explains " +
      '(12.3 dB): see what is said of that layer above, or write skip_layers: "conv2" into quant.cfg',
  ]);
});

test.each<[string, Partial<EvaluationResult['agreement']>, number, boolean]>([
  ['half a percent of the predictions', { integerVsFakeQuant: 0.9945 }, 10_000, false],
  ['a tenth of them', { integerVsFakeQuant: 0.9 }, 10_000, true],
  ['two of eight', { integerVsFakeQuant: 0.75 }, 8, false],
  [
    'a quarter of the detections, of outputs that are near',
    { integerVsFakeQuant: 0.75, of: 100, counted: 'detections', ratios: { boxes: 40 } },
    8,
    false,
  ],
  ['an output', { ratios: { boxes: 40, scores: 12 } }, 8, true],
])(
  'where the integer model differs in %s and no layer is to blame, that is said or not',
  (_, agreement, records, isSaid) => {
    const result = { ...evaluation(0.9, 0.9), agreement, records };
    const said = expect.stringContaining('judge by that one') as string;
    expect(evaluationWarnings(result)).toEqual(isSaid ? [said] : []);
    // The layer says more.
    const blamed = evaluationWarnings({
      ...result,
      agreement: { ...agreement, differsFrom: { layer: 'conv2', ratio: 12 } },
    });
    expect(blamed).toEqual([expect.stringContaining("from layer 'conv2' on")]);
  },
);

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
