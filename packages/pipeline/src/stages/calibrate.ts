import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calibrate, evaluate, netRunnerFactory } from '@caffe-quant/kernels';
import type { CalibrationResult } from '@caffe-quant/report';
import { canonicalJson, type ClipRange } from '@caffe-quant/resolver';
import type { CalibrateInput } from '../stage-inputs.ts';
import type { Stage } from '../stage.ts';
import { openNet, projectWeights, readJson } from './net-data.ts';

/** `ranges.json`: where the range of each data quantizer starts, by its name. */
export type StartRanges = Record<string, ClipRange>;

/**
 * The ranges of the data quantizers before training, by IFMR where the config gives none, on TRAIN data: `ranges.json`;
 * with what each quantizer saw and the float net's metrics: `calibration.json`.
 */
export const calibrateStage: Stage = {
  name: 'calibrate',
  async run({ project: load, input, out }) {
    const project = await load();
    const settings = readJson<CalibrateInput>(input('resolve', 'calibrate.json'));
    const train = await openNet(project, settings, 'TRAIN');
    const test = await openNet(project, settings, 'TEST');
    try {
      const { plan } = settings;
      const weights = await projectWeights(project, train);
      const quantizers = await calibrate({
        graph: train.graph,
        inputShapes: train.data.inputShapes(),
        weights,
        plan,
        batch: (index) => train.data.batch(index),
      });
      const { records, metrics } = await evaluate(test.graph, test.data, netRunnerFactory(test.graph, weights));
      const result: CalibrationResult = {
        batches: plan.batchNum,
        records: plan.batchNum * train.data.batchSize,
        quantizers,
        float: { records, metrics },
      };
      const ranges: StartRanges = Object.fromEntries(quantizers.map(({ name, clip }) => [name, clip]));
      await writeFile(join(out, 'calibration.json'), canonicalJson(result));
      await writeFile(join(out, 'ranges.json'), canonicalJson(ranges));
    } finally {
      train.data.close();
      test.data.close();
    }
  },
};
