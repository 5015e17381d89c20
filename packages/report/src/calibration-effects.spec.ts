import { calibrationEffects, describeCalibration } from './calibration-effects.ts';
import { renderReport } from './html/render-report.ts';
import { formatSummary } from './index.ts';
import type { CalibrationResult } from './report-input.ts';
import { lenetReport } from './testing/lenet-report.ts';

const observed = { count: 1, min: 0, max: 1, bins: [1] };
const clip = { max: 1, min: 0 };
const CALIBRATION: CalibrationResult = {
  batches: 1,
  records: 8,
  quantizers: [
    { name: 'conv1', clip, origin: 'mse', observed, sqnr: 40.04, ifmrSqnr: 39 },
    { name: 'conv2', clip, origin: 'config', observed, sqnr: 12 },
    { name: 'ip1', clip, origin: 'mse', observed, sqnr: 36, ifmrSqnr: 35 },
  ],
  float: { records: 8, metrics: {} },
  equalization: {
    pairs: [{ first: 'conv2', second: 'ip1' }],
    normalized: [{ layer: 'conv1', batchNorm: 'bn' }],
    layers: [
      { layer: 'conv2', before: 20, after: 30 },
      { layer: 'ip1', before: 22, after: 24 },
    ],
    leftOut: [{ layer: 'conv2', reason: 'a sum' }],
    sqnr: 120,
  },
  rounding: {
    layers: [
      { layer: 'conv2', changed: 10, of: 100, before: 30, after: 33 },
      { layer: 'ip1', changed: 20, of: 900, before: 20, after: 21 },
    ],
    leftOut: [{ layer: 'conv1', reason: 'too large' }],
  },
  biasCorrection: {
    layers: [{ layer: 'ip1', corrected: 'ip1', largestShift: 0.1, before: 20, after: 21.26 }],
    leftOut: [],
  },
};

test('each option in use is one sentence, with the figures in the mean', () => {
  expect(describeCalibration(CALIBRATION)).toEqual([
    "Ranges by MSE: inputs at 38.0 dB in the mean, with IFMR's ranges 37.0 dB.",
    'Cross-layer equalization of 1 pair and of 1 layer before BatchNorm: weights from 21.0 to 27.0 dB in the mean; 1 layer left out, the report says why.',
    'Rounding learned in 2 layers, 3.0 % of the weights: their outputs from 25.0 to 27.0 dB in the mean; 1 layer left out, the report says why.',
    'Bias correction of 1 layer: their outputs from 20.0 to 21.3 dB in the mean.',
  ]);
});

test("AMCT's own calibration needs no word", () => {
  const { batches, records, float } = CALIBRATION;
  const quantizers = [{ name: 'conv1', clip, origin: 'ifmr' as const, observed, sqnr: 40 }];
  expect(describeCalibration({ batches, records, quantizers, float })).toEqual([]);
});

test('each layer has its own figures, and why an option left it out', () => {
  expect(calibrationEffects(CALIBRATION)).toEqual([
    { layer: 'conv1', input: { before: 39, after: 40.04 }, leftOut: ['rounding: too large'] },
    { layer: 'ip1', input: { before: 35, after: 36 }, weights: { before: 22, after: 24 }, rounding: { before: 20, after: 21 }, output: { before: 20, after: 21.26 }, leftOut: [] }, // prettier-ignore
    {
      layer: 'conv2',
      weights: { before: 20, after: 30 },
      rounding: { before: 30, after: 33 },
      leftOut: ['equalization: a sum'],
    },
  ]);
});

test('the page and the summary tell it', () => {
  const input = lenetReport();
  expect(renderReport(input)).not.toContain('id="calibration"');
  const page = renderReport({ ...input, calibration: { ...input.calibration, ...CALIBRATION } });
  expect(page).toContain('id="calibration"');
  expect(page).toContain('equalization: a sum');
  expect(page).toContain('39.0 \u2192 40.0');
  const [sentence] = describeCalibration(CALIBRATION);
  expect(formatSummary({ ...input.evaluation, calibration: [sentence!] })).toContain(`\n${sentence}\n`);
});
