import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluate, netMetrics, netRunnerFactory, type NetMetric } from '@caffe-quant/kernels';
import { deviceText } from '@caffe-quant/kernels/devices';
import {
  describeCalibration,
  halfWidths,
  type CalibrationResult,
  type ControlResult,
  type EvaluationResult,
  type GroupMetrics,
  type LayerResult,
  type Metrics,
  type ModelResult,
  type TrainingResult,
} from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { CALIBRATED_WEIGHTS, withCalibrated } from '../calibrate/calibrated-weights.ts';
import type { ExportInput, LayerVerdict } from '../export/input.ts';
import { readFingerprint } from '../fingerprint/fingerprint.ts';
import type { Stage } from '../../stage.ts';
import { timeAhead } from './evaluation-time.ts';
import { evaluationWarnings } from './evaluation-warnings.ts';
import { integerRunnerFactory } from './integer-runner.ts';
import { compareExportedOnnx, deployFiles, exportedModel, exportedSensitivity } from './exported-models.ts';
import { modelAgreement } from './model-agreement.ts';
import { deviceUse } from '../device-use.ts';
import { openNet, projectWeights, readJson } from '../net-data.ts';
import type { QuantizedNumbers } from '../export/quantized-numbers.ts';
import { asSentence, misfitWarnings, rangeWarnings } from '../range-warnings.ts';

/**
 * Measures the post-training, the fake-quant and the integer model beside the float one on the whole test data, the
 * last two from the exported files, and holds the ONNX model against the integer one: `evaluation.json`.
 */
export const evaluateStage: Stage = {
  name: 'evaluate',
  async run(context) {
    const { project: load, input, out, print } = context;
    const project = await load();
    const settings = readJson<ExportInput>(input('resolve', 'export.json'));
    const calibration = readJson<CalibrationResult>(input('calibrate', 'calibration.json'));
    const training = readJson<TrainingResult>(input('train', 'training.json'));
    const control = readJson<ControlResult>(input('control', 'control.json'));
    const exported = (name: string) => join(input('export'), `${settings.prefix}_${name}`);
    const test = await openNet(project, settings, 'TEST');
    try {
      const { graph, data } = test;
      const { plan, apVersion, mode } = settings;
      const use = deviceUse(context, settings);
      const { device: described } = readFingerprint(input('fingerprint', 'fingerprint.json'));
      const { weights } = await projectWeights(project, settings, test);
      const metrics = netMetrics(graph);
      // Where nothing measures the net itself, its outputs are held against those of the float one.
      const isMeasured = Object.keys(calibration.float.metrics).length > 0;
      const tell = (what: string, milliseconds: number): void => {
        const line = timeAhead(what, milliseconds);
        if (line) print(line);
      };
      const reference = isMeasured ? undefined : netRunnerFactory(graph, weights, use);
      const measuring = (model: string) => ({
        ...{ apVersion, reference },
        onEstimate: (milliseconds: number) => tell(`measuring the ${model} model`, milliseconds),
      });
      const exportedName = mode === 'calibrate' ? 'post-training' : 'fake-quant';
      const fake = exportedModel(project, test, exported, use);
      const fakeQuant = await ofModel(exportedName, () =>
        evaluate(fake.graph, data, fake.createRunner, measuring(exportedName)),
      );
      const files = deployFiles(exported);
      const integers = integerRunnerFactory(graph, files);
      const integer = await ofModel('integer', () => evaluate(graph, data, integers, measuring('integer')));
      const clips = new Map(calibration.quantizers.map(({ name, clip }) => [name, clip]));
      const calibrated = withCalibrated(weights, input('calibrate', CALIBRATED_WEIGHTS));
      const start = netRunnerFactory(graph, calibrated, { plan, clips, ...use });
      // Without training the exported model is the post-training one.
      const postTraining =
        mode === 'calibrate'
          ? fakeQuant
          : await ofModel('post-training', () => evaluate(graph, data, start, measuring('post-training')));
      const numbers = readJson<QuantizedNumbers>(input('export', 'quantized.json'));
      const sensitivity = await exportedSensitivity(test, exported, plan, numbers, use, tell);
      const onnx = await compareExportedOnnx(project, test, exported);
      const agreement = await modelAgreement(
        test,
        { ...fake, evaluation: fakeQuant },
        { files, createRunner: integers, evaluation: integer },
      );
      const effects = describeCalibration(calibration);
      const besideFloat = (model: { metrics: Metrics; groups?: GroupMetrics[] }): ModelResult => {
        const widths = halfWidths(model, calibration.float);
        return { metrics: model.metrics, ...(widths && { halfWidths: widths }) };
      };
      const result: Omit<EvaluationResult, 'warnings'> = {
        records: calibration.float.records,
        ...(described && { computedBy: deviceText(described) }),
        models: {
          float: { metrics: calibration.float.metrics },
          ...(control.metrics && { control: besideFloat({ ...control, metrics: control.metrics }) }),
          postTraining: besideFloat(postTraining),
          ...(mode !== 'calibrate' && { fakeQuant: besideFloat(fakeQuant) }),
          integer: besideFloat(integer),
        },
        accuracyMetrics: metrics.filter(({ isShare }) => isShare).map(({ name }) => name),
        better: directions(metrics, Object.keys(integer.metrics)),
        agreement,
        onnx,
        ...(effects.length > 0 && { calibration: effects }),
        layers: layerResults(settings.layers, numbers, calibration, sensitivity),
      };
      const exportedClips = new Map(
        Object.values(numbers).flatMap((own) =>
          own.quantizer && own.clip ? [[own.quantizer, own.clip] as const] : [],
        ),
      );
      const ranges = [
        ...rangeWarnings(calibration.quantizers, graph).filter(({ severity }) => severity === 'warning'),
        ...misfitWarnings(calibration.quantizers, exportedClips, graph),
      ];
      const warnings = [...evaluationWarnings(result, training), ...ranges.map(asSentence)];
      const evaluation: EvaluationResult = { ...result, warnings };
      await writeFile(join(out, 'evaluation.json'), canonicalJson(evaluation));
    } finally {
      await test.data.close();
    }
  },
};

/** What is wrong while one of the models is measured says which. */
async function ofModel<T>(model: string, measure: () => Promise<T>): Promise<T> {
  try {
    return await measure();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const named = error.diagnostics.map((each) => ({ ...each, message: `in the ${model} model, ${each.message}` }));
    throw new DiagnosticsError(named);
  }
}

/** Which of two values of a metric is the better one, by the metric's name; those of compared outputs are ratios. */
function directions(metrics: readonly NetMetric[], names: readonly string[]): NonNullable<EvaluationResult['better']> {
  const known = new Map(metrics.map((metric) => [metric.name, metric]));
  return Object.fromEntries(
    names.flatMap((name): [string, 'higher' | 'lower'][] => {
      const better = known.has(name) ? known.get(name)!.better : 'higher';
      return better ? [[name, better]] : [];
    }),
  );
}

function layerResults(
  verdicts: readonly LayerVerdict[],
  numbers: QuantizedNumbers,
  { quantizers }: CalibrationResult,
  sensitivity: ReadonlyMap<string, number>,
): LayerResult[] {
  const starts = new Map(quantizers.map(({ name, clip }) => [name, clip]));
  return verdicts.map((verdict) => {
    const own = numbers[verdict.name];
    const initialClip = own?.quantizer === undefined ? undefined : starts.get(own.quantizer);
    const ratio = sensitivity.get(verdict.name);
    return {
      ...verdict,
      ...own,
      ...(initialClip && { initialClip }),
      ...(ratio !== undefined && { sensitivity: ratio }),
    };
  });
}
