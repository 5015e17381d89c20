import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCaffemodelFile, type NetGraph } from '@caffe-quant/caffe-io';
import type { DeployFiles } from '@caffe-quant/deploy';
import { agreement, evaluate, fitWeights, netRunnerFactory } from '@caffe-quant/kernels';
import type { CalibrationResult, EvaluationResult, LayerResult } from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import { readCanonicalNet } from '../project/canonical-net.ts';
import type { ExportInput, LayerVerdict } from '../stage-inputs.ts';
import type { Stage } from '../stage.ts';
import { evaluationWarnings } from './evaluation-warnings.ts';
import { integerRunnerFactory } from './integer-runner.ts';
import { openNet, projectWeights, readJson } from './net-data.ts';
import type { QuantizedNumbers } from './quantized-numbers.ts';

/**
 * Measures the post-training, the fake-quant and the integer model beside the float one on the whole test data, the
 * last two from the exported files: `evaluation.json`.
 */
export const evaluateStage: Stage = {
  name: 'evaluate',
  async run({ project: load, input, out }) {
    const project = await load();
    const settings = readJson<ExportInput>(input('resolve', 'export.json'));
    const calibration = readJson<CalibrationResult>(input('calibrate', 'calibration.json'));
    const exported = (name: string) => join(input('export'), `${settings.prefix}_${name}`);
    const test = await openNet(project, settings, 'TEST');
    try {
      const { graph, data } = test;
      const clips = new Map(calibration.quantizers.map(({ name, clip }) => [name, clip]));
      const start = netRunnerFactory(graph, await projectWeights(project, test), { plan: settings.plan, clips });
      const postTraining = await evaluate(graph, data, start);

      const fakeFile = exported('fake_quant_model.prototxt');
      const fakeGraph = readCanonicalNet(readFileSync(fakeFile, 'utf8'), 'TEST', project.netOrigin);
      const fakeWeights = exported('fake_quant_weights.caffemodel');
      const { weights } = fitWeights(fakeGraph, data.inputShapes(), readCaffemodelFile(fakeWeights), fakeWeights);
      const fakeQuant = await evaluate(fakeGraph, data, netRunnerFactory(fakeGraph, weights));

      const integer = await evaluate(graph, data, integerRunnerFactory(graph, deployFiles(exported)));
      const comparable = fakeQuant.predictions && integer.predictions;
      const result: Omit<EvaluationResult, 'warnings'> = {
        records: calibration.float.records,
        models: {
          float: { metrics: calibration.float.metrics },
          postTraining: { metrics: postTraining.metrics },
          fakeQuant: { metrics: fakeQuant.metrics },
          integer: { metrics: integer.metrics },
        },
        accuracyMetrics: accuracyTops(graph),
        agreement: comparable ? { integerVsFakeQuant: agreement(fakeQuant.predictions!, integer.predictions!) } : {},
        layers: layerResults(settings.layers, readJson(input('export', 'quantized.json')), calibration),
      };
      const evaluation: EvaluationResult = { ...result, warnings: evaluationWarnings(result) };
      await writeFile(join(out, 'evaluation.json'), canonicalJson(evaluation));
    } finally {
      await test.data.close();
    }
  },
};

function deployFiles(exported: (name: string) => string): DeployFiles {
  const text = (name: string) => ({ text: readFileSync(exported(name), 'utf8'), file: exported(name) });
  const weights = exported('deploy_weights.caffemodel');
  return {
    prototxt: text('deploy_model.prototxt'),
    caffemodel: { bytes: readFileSync(weights), file: weights },
    record: text('scale_offset_record.txt'),
  };
}

const accuracyTops = ({ layers }: NetGraph): string[] =>
  layers.filter(({ type }) => type === 'Accuracy').flatMap(({ tops }) => tops.slice(0, 1).map(({ id }) => id));

function layerResults(
  verdicts: readonly LayerVerdict[],
  numbers: QuantizedNumbers,
  { quantizers }: CalibrationResult,
): LayerResult[] {
  const starts = new Map(quantizers.map(({ name, clip }) => [name, clip]));
  return verdicts.map((verdict) => {
    const own = numbers[verdict.name];
    const initialClip = own?.quantizer === undefined ? undefined : starts.get(own.quantizer);
    return { ...verdict, ...own, ...(initialClip && { initialClip }) };
  });
}
