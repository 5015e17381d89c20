import type { SolverParameter } from '@caffe-quant/caffe-io';
import { type DeviceUse, Trainer } from '@caffe-quant/kernels';
import type { RateRangeTest } from '@caffe-quant/report';
import { withFrozenBatchNorm } from '../../project/batch-norm.ts';
import type { StageContext } from '../../stage.ts';
import { sha256Of } from '../../store/entry-manifest.ts';
import { dataOf, readFingerprint } from '../fingerprint/fingerprint.ts';
import { keptPart } from '../kept-part.ts';
import type { TrainingSettings } from './input.ts';
import { rateRangeTest, rateTestLine, TEST_RATE } from './rate-range-test.ts';
import type { StartQuantizers, TrainingSetup } from './training-setup.ts';

/** How long is trained and when it is tested: nothing that one step depends on. */
const NOT_OF_A_STEP = ['max_iter', 'test_iter', 'test_interval', 'test_initialization', 'average_loss'] as const;
const OF_POLICIES = ['gamma', 'power', 'stepsize', 'stepvalue', 'plateau_winsize'] as const;

interface Tested {
  readonly setup: TrainingSetup;
  readonly use: DeviceUse;
  readonly quantized: StartQuantizers | undefined;
}

/**
 * The range test for a solver that has no base_lr; it is kept by itself, so that neither another number of iterations nor an interrupted
 * run repeats it. A net with labels is tested without quantizers, so that what is trained with them and what is trained without, for
 * comparison, have the same rate; where the float net is the teacher it has nothing to learn, and the test is with them.
 *
 * @returns undefined where the solver has a base_lr
 * @throws DiagnosticsError where the data tell none
 */
export async function rateTestWhereNeeded(
  { print, signal, input, part }: Pick<StageContext, 'print' | 'signal' | 'input' | 'part'>,
  settings: TrainingSettings,
  { setup, use, quantized }: Tested,
  solver: SolverParameter,
): Promise<RateRangeTest | undefined> {
  if (solver.base_lr !== undefined || solver.lr_policy === 'multifixed') return undefined;
  const { mode, net, phase, dataPhase, seed, writtenNames, freezeAfter } = settings;
  const { graph, inputShapes, weights } = setup;
  const isFrozen = freezeAfter === 0;
  const quantizers = mode === 'distill' && quantized ? { plan: quantized.plan, clips: quantized.clips } : undefined;
  const fingerprint = readFingerprint(input('fingerprint', 'fingerprint.json'));
  const ofStep: Record<string, unknown> = { ...solver, ...TEST_RATE };
  for (const field of [...NOT_OF_A_STEP, ...OF_POLICIES]) delete ofStep[field];
  const key = {
    ...{ rateRangeTest: ofStep, mode, net, phase, dataPhase, seed, writtenNames, isFrozen },
    ...{ device: fingerprint.device, weights: fingerprint.weights.sha256, data: dataOf(fingerprint, dataPhase) },
    ...(quantized && { calibrated: await sha256Of(quantized.calibrated) }),
    ...(quantizers && { plan: quantizers.plan, clips: [...quantizers.clips] }),
  };
  const test = await keptPart(part, key, async () => {
    const trainer = await Trainer.create({
      ...{ solver: { ...solver, ...TEST_RATE }, inputShapes, weights, ...use, ...quantizers },
      graph: isFrozen ? withFrozenBatchNorm(graph) : graph,
    });
    try {
      return await rateRangeTest(trainer, (index) => setup.batch(index), signal);
    } finally {
      await trainer.close();
    }
  });
  print(rateTestLine(test));
  return test;
}
