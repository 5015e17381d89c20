import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSolverText, writeCaffemodelFile } from '@caffe-quant/caffe-io';
import { type DeviceUse, reestimateBatchNorm, Trainer, type NetWeights } from '@caffe-quant/kernels';
import type { TrainingResult } from '@caffe-quant/report';
import { canonicalJson, type ClipRange } from '@caffe-quant/resolver';
import { withFrozenBatchNorm } from '../../project/batch-norm.ts';
import type { Project } from '../../project/project.ts';
import type { TrainInput } from './input.ts';
import type { Stage, StageContext } from '../../stage.ts';
import type { StartRanges } from '../calibrate/start-ranges.ts';
import { deviceUse } from '../device-use.ts';
import { openTrained, projectWeights, readJson, type NetWithData } from '../net-data.ts';
import { HOPEFUL_LOSS } from './divergence.ts';
import { countRestores, lossTrend, weightsModel } from './training-results.ts';
import { runTraining } from './training-run.ts';
import { distillationSetup, labelledSetup } from './training-setup.ts';
import { openTests } from './open-tests.ts';
import { testOnlyLayers } from '../test-only-weights.ts';

/** What training hands over. */
interface Trained {
  weights: NetWeights;
  clips: ReadonlyMap<string, ClipRange>;
  result: Omit<TrainingResult, 'finalClips'>;
}

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
    const net = await openTrained(project, settings);
    const use =
      settings.solver === undefined && settings.bnReestimate === undefined ? {} : deviceUse(context, settings);
    try {
      const { data, graph } = net;
      await writeFile(join(out, 'metrics.jsonl'), '');
      const trained =
        settings.mode === 'calibrate'
          ? await untrained(project, settings, net, ranges)
          : await train(context, project, settings, net, ranges, use);
      const weights = await reestimated(settings, net, trained, use);
      const result: TrainingResult = { ...trained.result, finalClips: Object.fromEntries(trained.clips) };
      const model = weightsModel(graph, data.inputShapes(), weights);
      const untouched = await testOnlyLayers(project, graph);
      writeCaffemodelFile(join(out, 'trained.caffemodel'), { ...model, layers: [...model.layers, ...untouched] });
      await writeFile(join(out, 'training.json'), canonicalJson(result));
    } finally {
      await net.data.close();
    }
  },
};

async function untrained(
  project: Project,
  settings: TrainInput,
  net: NetWithData,
  clips: ReadonlyMap<string, ClipRange>,
): Promise<Trained> {
  const { batchSize, recordCount: records } = net.data;
  return {
    weights: (await projectWeights(project, settings, net)).weights,
    clips,
    result: { iterations: 0, batchSize, records, restores: {} },
  };
}

async function train(
  { print, signal, checkpoint, out }: StageContext,
  project: Project,
  settings: TrainInput,
  net: NetWithData,
  clips: ReadonlyMap<string, ClipRange>,
  use: DeviceUse,
): Promise<Trained> {
  const { plan, freezeAfter, mode } = settings;
  const { solver } = readSolverText(settings.solver!, 'train.json');
  const setup = await (mode === 'distill'
    ? distillationSetup(project, settings, net, use)
    : labelledSetup(project, settings, net));
  const tested = await openTests(project, settings, solver, net.graph, setup.weights, use);
  try {
    const { graph, weights, inputShapes } = setup;
    const createTrainer = (frozen: boolean) =>
      Trainer.create({
        ...{ solver, inputShapes, weights, plan, clips, ...use },
        graph: frozen ? withFrozenBatchNorm(graph) : graph,
      });
    const display = project.solver!.display;
    const tests = tested?.tests;
    const {
      steps,
      net: trained,
      choice,
      iterSize,
      crossing,
    } = await runTraining({
      ...{ setup, tests, display, createTrainer, freezeAfter, print, signal, checkpoint, device: use.device },
      iterations: solver.max_iter!,
      start: { weights, clips },
      hopefulLoss: HOPEFUL_LOSS[mode],
    });
    await writeFile(join(out, 'metrics.jsonl'), steps.map((step) => JSON.stringify(step) + '\n').join(''));
    const loss = lossTrend(steps);
    return {
      weights: new Map([...weights, ...trained.weights]),
      clips: trained.clips,
      result: {
        iterations: steps.length,
        batchSize: net.data.batchSize * iterSize,
        records: net.data.recordCount,
        restores: countRestores(steps),
        ...(loss && { loss }),
        ...(use.device !== undefined && crossing && { device: { name: use.device, ...crossing } }),
        ...(tests && { tests: tests.done }),
        ...(choice && { selected: { iteration: choice.iteration, metric: choice.metric, value: choice.value } }),
      },
    };
  } finally {
    await setup.close();
    await tested?.close();
  }
}

/** The weights with BatchNorm's statistics as they are after training, if that is wanted. */
async function reestimated(
  { bnReestimate: batches, plan, seed }: TrainInput,
  { graph, data }: NetWithData,
  { weights, clips }: Trained,
  use: DeviceUse,
): Promise<NetWeights> {
  if (batches === undefined) return weights;
  const inputShapes = data.inputShapes();
  const batch = (index: number) => data.batch(index);
  return reestimateBatchNorm({ graph, inputShapes, weights, plan, clips, batches, batch, seed, ...use });
}
