import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCaffemodelFile } from '@caffe-quant/caffe-io';
import type { DeviceUse } from '@caffe-quant/kernels';
import type { TrainingResult } from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import type { Project } from '../../project/project.ts';
import type { TrainInput } from './input.ts';
import type { Stage } from '../../stage.ts';
import { CALIBRATED_WEIGHTS, withCalibrated } from '../calibrate/calibrated-weights.ts';
import type { StartRanges } from '../calibrate/start-ranges.ts';
import { deviceUse } from '../device-use.ts';
import { openTrained, projectWeights, readJson, type NetWithData } from '../net-data.ts';
import { reestimated, trainNet, type Trained } from './trained-net.ts';
import type { StartQuantizers } from './training-setup.ts';
import { weightsModel } from './training-results.ts';
import { testOnlyLayers } from '../test-only-weights.ts';

/**
 * Quantization-aware training: the float master weights after it (`trained.caffemodel`), the clip ranges and tests
 * (`training.json`) and one line for each iteration (`metrics.jsonl`). Interrupted, it goes on from where it was. Without
 * training, in the mode calibrate, weights and ranges stay what they are.
 */
export const trainStage: Stage = {
  name: 'train',
  async run(context) {
    const { project: load, input, out } = context;
    const project = await load();
    const settings = readJson<TrainInput>(input('resolve', 'train.json'));
    const ranges = new Map(Object.entries(readJson<StartRanges>(input('calibrate', 'ranges.json'))));
    const start = { plan: settings.plan, clips: ranges, calibrated: input('calibrate', CALIBRATED_WEIGHTS) };
    const net = await openTrained(project, settings);
    const use =
      settings.solver === undefined && settings.bnReestimate === undefined ? {} : deviceUse(context, settings);
    try {
      const { data, graph } = net;
      const { weights, clips, result, steps } =
        settings.mode === 'calibrate'
          ? await untrained(project, settings, net, start, use)
          : await trainNet(context, project, settings, net, use, start);
      await writeFile(join(out, 'metrics.jsonl'), steps.map((step) => JSON.stringify(step) + '\n').join(''));
      const training: TrainingResult = { ...result, finalClips: Object.fromEntries(clips) };
      const model = weightsModel(graph, data.inputShapes(), weights);
      const untouched = await testOnlyLayers(project, graph);
      writeCaffemodelFile(join(out, 'trained.caffemodel'), { ...model, layers: [...model.layers, ...untouched] });
      await writeFile(join(out, 'training.json'), canonicalJson(training));
    } finally {
      await net.data.close();
    }
  },
};

async function untrained(
  project: Project,
  settings: TrainInput,
  net: NetWithData,
  { plan, clips, calibrated }: StartQuantizers,
  use: DeviceUse,
): Promise<Trained> {
  const { batchSize, recordCount: records } = net.data;
  const { weights: float } = await projectWeights(project, settings, net);
  const weights = withCalibrated(float, calibrated);
  return {
    weights: await reestimated(settings, net, { weights, clips }, use, plan),
    clips,
    result: { iterations: 0, batchSize, records, restores: {} },
    steps: [],
  };
}
