import { readSolverText } from '@caffe-quant/caffe-io';
import { type DeviceUse, reestimateBatchNorm, Trainer, type NetWeights } from '@caffe-quant/kernels';
import type { TrainingResult, TrainingStep } from '@caffe-quant/report';
import type { CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import { withFrozenBatchNorm } from '../../project/batch-norm.ts';
import type { Project } from '../../project/project.ts';
import type { StageContext } from '../../stage.ts';
import type { NetWithData } from '../net-data.ts';
import { HOPEFUL_LOSS } from './divergence.ts';
import { checkMemory, trainingNeed } from '../run-memory.ts';
import type { TrainingSettings } from './input.ts';
import { openTests } from './open-tests.ts';
import { countRestores, lossTrend } from './training-results.ts';
import { rateTestWhereNeeded } from './rate-test-where-needed.ts';
import { runTraining } from './training-run.ts';
import { distillationSetup, labelledSetup, type StartQuantizers } from './training-setup.ts';

/** What training hands over. */
export interface Trained {
  readonly weights: NetWeights;
  readonly clips: ReadonlyMap<string, ClipRange>;
  readonly result: Omit<TrainingResult, 'finalClips'>;
  readonly steps: readonly TrainingStep[];
}

/** What a training uses of its stage. */
type TrainingContext = Pick<StageContext, 'print' | 'signal' | 'checkpoint' | 'memoryLimit' | 'input' | 'part'>;

/**
 * Trains a net by its project's solver, on its training data; in the end BatchNorm's statistics are taken anew, if that is
 * wanted.
 *
 * @param quantized absent: without quantizers
 * @throws DiagnosticsError where training diverges, whatever the rate
 */
export async function trainNet(
  context: TrainingContext,
  project: Project,
  settings: TrainingSettings,
  net: NetWithData,
  use: DeviceUse,
  quantized?: StartQuantizers,
): Promise<Trained> {
  const { print, signal, checkpoint, memoryLimit } = context;
  const { freezeAfter, mode } = settings;
  const clips = quantized?.clips ?? new Map<string, ClipRange>();
  const { solver: written } = readSolverText(settings.solver!, 'train.json');
  const setup = await (mode === 'distill'
    ? distillationSetup(project, settings, net, use, quantized?.calibrated)
    : labelledSetup(project, settings, net, quantized?.calibrated));
  const tested = await openTests(
    ...([project, settings, written] as const),
    { trained: net.graph, float: setup.float, plan: quantized?.plan },
    use,
  );
  try {
    const { graph, weights, inputShapes } = setup;
    const need = trainingNeed(graph, inputShapes, { plan: quantized?.plan, solver: { solver: written }, memoryLimit });
    checkMemory(need, memoryLimit);
    const rateTest = await rateTestWhereNeeded(context, settings, { setup, use, quantized }, written);
    const solver = { ...written, ...(rateTest && { base_lr: Math.fround(rateTest.baseLr) }) };
    const createTrainer = (frozen: boolean) =>
      Trainer.create({
        ...{ solver, inputShapes, weights, ...use },
        ...(quantized && { plan: quantized.plan, clips }),
        graph: frozen ? withFrozenBatchNorm(graph) : graph,
      });
    const tests = tested?.tests;
    const {
      steps,
      net: trained,
      choice,
      iterSize,
      setbacks,
      crossing,
    } = await runTraining({
      ...{ setup, tests, createTrainer, freezeAfter, print, signal, checkpoint, device: use.device },
      display: project.solver!.display,
      iterations: solver.max_iter!,
      start: { weights, clips },
      hopefulLoss: HOPEFUL_LOSS[mode],
    });
    const loss = lossTrend(steps);
    const result = {
      iterations: steps.length,
      batchSize: net.data.batchSize * iterSize,
      records: net.data.recordCount,
      restores: countRestores(steps),
      ...(loss && { loss }),
      ...(rateTest && { rateTest }),
      ...(use.device !== undefined && crossing && { device: { name: use.device, ...crossing } }),
      ...(setbacks.length > 0 && { setbacks }),
      ...(tests && { tests: tests.done }),
      ...(choice && { selected: { iteration: choice.iteration, metric: choice.metric, value: choice.value } }),
    };
    const ofAll = new Map([...weights, ...trained.weights]);
    const ended = { weights: ofAll, clips: trained.clips };
    return { ...ended, weights: await reestimated(settings, net, ended, use, quantized?.plan), result, steps };
  } finally {
    await setup.close();
    await tested?.close();
  }
}

/** The weights with BatchNorm's statistics taken anew, if that is wanted. */
export async function reestimated(
  { bnReestimate: batches, seed }: TrainingSettings,
  { graph, data }: NetWithData,
  { weights, clips }: Pick<Trained, 'weights' | 'clips'>,
  use: DeviceUse,
  plan: CanonicalPlan | undefined,
): Promise<NetWeights> {
  if (batches === undefined) return weights;
  const inputShapes = data.inputShapes();
  const batch = (index: number) => data.batch(index);
  const quantized = plan ? { plan, clips } : { clips };
  return reestimateBatchNorm({ graph, inputShapes, weights, ...quantized, batches, batch, seed, ...use });
}
