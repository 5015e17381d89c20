import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportModels, IntegerModel, type ExportInput } from '@caffe-quant/deploy';
import { calibrate, evaluate, netRunnerFactory } from '@caffe-quant/kernels';
import type { CalibrationResult } from '@caffe-quant/report';
import { canonicalJson, type ClipRange } from '@caffe-quant/resolver';
import { withFrozenBatchNorm } from '../project/batch-norm.ts';
import type { CalibrateInput } from '../stage-inputs.ts';
import type { Stage } from '../stage.ts';
import type { Project } from '../project/load-project.ts';
import { exportedPhases, openNet, openTrained, projectWeights, readJson, type NetWithData } from './net-data.ts';

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
    const { device, apVersion, frozenBatchNorm } = settings;
    const train = await openTrained(project, settings);
    const test = await openNet(project, settings, 'TEST');
    try {
      const { plan } = settings;
      const weights = await projectWeights(project, train);
      const quantizers = await calibrate({
        graph: frozenBatchNorm ? withFrozenBatchNorm(train.graph) : train.graph,
        inputShapes: train.data.inputShapes(),
        weights,
        plan,
        batch: (index) => train.data.batch(index),
        device,
      });
      const clips = new Map(quantizers.map(({ name, clip }) => [name, clip]));
      await tryExport(project, train, { plan, weights, clips, ...exportedPhases(settings) });
      const float = netRunnerFactory(test.graph, weights, { device });
      const { records, metrics } = await evaluate(test.graph, test.data, float, { apVersion });
      const result: CalibrationResult = {
        batches: plan.batchNum,
        records: plan.batchNum * train.data.batchSize,
        quantizers,
        float: { records, metrics },
      };
      const ranges: StartRanges = Object.fromEntries(clips);
      await writeFile(join(out, 'calibration.json'), canonicalJson(result));
      await writeFile(join(out, 'ranges.json'), canonicalJson(ranges));
    } finally {
      await train.data.close();
      await test.data.close();
    }
  },
};

/**
 * Exports the models as they would be without training, and opens the integer one, for nothing but the errors: what
 * cannot be exported should not be found out after hours of training.
 */
async function tryExport(
  { netText, netFile, deployFile, deployText, prefix }: Project,
  { data }: NetWithData,
  quantized: Pick<ExportInput, 'plan' | 'weights' | 'clips' | 'phases'>,
): Promise<void> {
  const deploy = deployFile && deployText !== undefined ? { deploy: { text: deployText, file: deployFile.shown } } : {};
  const net = { text: netText, file: netFile.shown };
  const { files } = exportModels({ net, ...deploy, ...quantized, inputShapes: data.inputShapes(), prefix });
  const text = (name: string) => ({ text: files.get(`${prefix}_${name}`) as string, file: netFile.shown });
  const model = await IntegerModel.create({
    files: {
      prototxt: text('deploy_model.prototxt'),
      caffemodel: { bytes: files.get(`${prefix}_deploy_weights.caffemodel`) as Uint8Array, file: netFile.shown },
      record: text('scale_offset_record.txt'),
    },
    batchSize: 1,
  });
  await model.close();
}
