/** A report's input as LeNet gives it: made-up numbers, plausible, from a fixed sequence. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipRange, QuantPlan } from '@caffe-quant/resolver';
import type {
  CalibratedRange,
  CalibrationResult,
  EvaluationResult,
  LayerResult,
  ReportInput,
  TrainingResult,
  TrainingStep,
} from '../report-input.ts';

const ITERATIONS = 1000;
const STARTS: Record<string, ClipRange> = {
  conv2: { max: 6, min: -6 },
  ip1: { max: 6, min: -6 },
  ip2: { max: 6, min: 0 },
};
const ENDS: Record<string, ClipRange> = {
  conv2: { max: 4.812345, min: -2.317 },
  ip1: { max: 8.70312, min: -5.1234 },
  ip2: { max: 9.8825, min: 0 },
};
/** Shape of the values that each quantizer sees: of a normal distribution cut at `from`. */
const VALUES: Record<string, { count: number; from: number; to: number; mean: number; spread: number }> = {
  conv2: { count: 184_320, from: -3.11, to: 6.92, mean: 0.9, spread: 1.2 },
  ip1: { count: 51_200, from: -6.42, to: 14.87, mean: 2.1, spread: 2.6 },
  ip2: { count: 32_000, from: 0, to: 11.03, mean: 0, spread: 1.9 },
};

export function lenetPlan(): QuantPlan {
  return JSON.parse(readFileSync(join(__dirname, 'fixtures', 'lenet-plan.json'), 'utf8')) as QuantPlan;
}

export function lenetReport(): ReportInput {
  return {
    title: 'model',
    plan: lenetPlan(),
    calibration: lenetCalibration(),
    training: { result: lenetTraining(), steps: lenetSteps() },
    evaluation: lenetEvaluation(),
    inputs: [
      { name: 'quant.cfg', role: 'quantization config', sha256: digest(1), size: 612 },
      { name: 'lenet_train_val.prototxt', role: 'net', sha256: digest(2), size: 2282 },
      { name: 'solver.prototxt', role: 'solver', sha256: digest(3), size: 384 },
      { name: 'lenet_float.caffemodel', role: 'weights', sha256: digest(4), size: 1_725_025 },
      {
        name: '../data/fashion-mnist/train_lmdb',
        role: 'data, TRAIN, 4,000 records',
        sha256: digest(5),
        size: 4_210_688,
      },
      {
        name: '../data/fashion-mnist/test_lmdb',
        role: 'data, TEST, 2,000 records',
        sha256: digest(6),
        size: 2_105_344,
      },
    ],
    files: [
      { name: 'lenet_retrain_model.prototxt', role: 'retrain model', sha256: digest(7), size: 4031 },
      { name: 'lenet_retrain_model.caffemodel', role: 'retrain weights', sha256: digest(8), size: 1_725_311 },
      { name: 'lenet_scale_offset_record.txt', role: 'scale/offset record', sha256: digest(9), size: 2714 },
      { name: 'lenet_fake_quant_model.prototxt', role: 'fake-quant model', sha256: digest(10), size: 3011 },
      { name: 'lenet_deploy_model.prototxt', role: 'deploy model', sha256: digest(11), size: 2987 },
      { name: 'lenet_deploy_weights.caffemodel', role: 'deploy weights, int8', sha256: digest(12), size: 436_530 },
      { name: 'lenet_int8.onnx', role: 'int8 ONNX model', sha256: digest(13), size: 440_112 },
    ],
  };
}

/** The same, exported from calibration alone. */
export function lenetCalibrateOnly(): ReportInput {
  const { training: _, ...input } = lenetReport();
  const { fakeQuant: __, ...models } = input.evaluation.models;
  const layers = input.evaluation.layers.map(({ initialClip, ...layer }) => ({
    ...layer,
    ...(initialClip && { clip: initialClip }),
  }));
  return { ...input, evaluation: { ...input.evaluation, models, layers } };
}

export function lenetCalibration(): CalibrationResult {
  const quantizers = Object.entries(VALUES).map(([name, values]): CalibratedRange => {
    const width = (values.to - values.from) / 64;
    const weights = Array.from({ length: 64 }, (_, bin) =>
      Math.exp(-0.5 * ((values.from + (bin + 0.5) * width - values.mean) / values.spread) ** 2),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    const bins = weights.map((weight) => Math.round((values.count * weight) / sum));
    bins[0]! += name === 'ip2' ? 14_000 : 0;
    const count = bins.reduce((a, b) => a + b, 0);
    return { name, clip: STARTS[name]!, origin: 'config', observed: { count, min: values.from, max: values.to, bins } };
  });
  return { batches: 1, records: 64, quantizers, float: { records: 2000, metrics: { accuracy: 0.9015, loss: 0.2712 } } };
}

export function lenetTraining(): TrainingResult {
  const tests = [500, 1000].map((iteration, i) => ({
    iteration,
    metrics: { accuracy: 0.898 + i * 0.002, loss: 0.28 },
  }));
  return { iterations: ITERATIONS, batchSize: 64, records: 4000, finalClips: ENDS, restores: { ip1: 2 }, tests };
}

export function lenetSteps(): TrainingStep[] {
  const noise = sequence();
  return Array.from({ length: ITERATIONS }, (_, iteration): TrainingStep => {
    const progress = 1 - Math.exp(-iteration / 260);
    const clips = Object.fromEntries(
      Object.entries(STARTS).map(([name, start]): [string, [number, number]] => [
        name,
        [start.max + (ENDS[name]!.max - start.max) * progress, start.min + (ENDS[name]!.min - start.min) * progress],
      ]),
    );
    return {
      iteration,
      loss: (0.24 + 0.2 * Math.exp(-iteration / 150)) * (0.75 + 0.5 * noise()),
      learningRate: 0.001 * 0.1 ** Math.floor(iteration / 400),
      clips,
      ...((iteration === 12 || iteration === 31) && { restored: ['ip1'] }),
    };
  });
}

export function lenetEvaluation(): EvaluationResult {
  const noise = sequence();
  const perChannel = Array.from({ length: 50 }, () => 0.0009 + 0.0017 * noise());
  const settings: Record<string, Partial<LayerResult>> = {
    conv2: { scaleD: 0.027958216, offsetD: -45, scaleW: perChannel, channelWise: true, sensitivity: 38.25 },
    ip1: { scaleD: 0.05422165, offsetD: -34, scaleW: [0.0012207031], channelWise: false, sensitivity: 41.5 },
    ip2: { scaleD: 0.038754902, offsetD: -128, scaleW: [0.0021348], channelWise: false },
  };
  return {
    records: 2000,
    models: {
      float: { metrics: { accuracy: 0.9015, loss: 0.2712 } },
      postTraining: { metrics: { accuracy: 0.8945, loss: 0.2977 } },
      fakeQuant: { metrics: { accuracy: 0.9, loss: 0.2741 } },
      integer: { metrics: { accuracy: 0.8995, loss: 0.2741 } },
    },
    accuracyMetrics: ['accuracy'],
    agreement: { integerVsFakeQuant: 0.9995 },
    layers: lenetPlan().layers.map(({ name, type, quantized, reason }) => ({
      name,
      type,
      quantized,
      reason,
      ...(quantized && { quantizer: name, clip: ENDS[name]!, initialClip: STARTS[name]!, ...settings[name] }),
    })),
    warnings: [],
  };
}

/** 0 to 1, always the same sequence: the minimal standard generator of Park and Miller. */
function sequence(): () => number {
  let state = 42;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function digest(seed: number): string {
  return Array.from({ length: 64 }, (_, i) => ((seed * 7 + i * i * 3 + i) % 16).toString(16)).join('');
}
