import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSnapshot, writeSnapshot, type Trainer, type TrainerSnapshot } from '@caffe-quant/kernels';
import type { TrainingStep, TrainingTest } from '@caffe-quant/report';
import { draftPath, removeAbandoned } from '../../locks/drafts.ts';
import type { Checkpoint } from '../../stage.ts';
import type { Retreat, RetreatState } from './retreat.ts';
import type { BestTest, TrainingTests } from './training-tests.ts';

const STEPS_FILE = 'steps.json';
const TESTS_FILE = 'tests.json';
const RETREAT_FILE = 'retreat.json';
const BEST_FOLDER = 'best';
const GOOD_FOLDER = 'good';
const CANDIDATE_FOLDER = 'candidate';

interface SavedTests {
  done: readonly TrainingTest[];
  best?: Omit<BestTest, 'snapshot'>;
}

/** What a watch for divergence knows. */
interface SavedRetreat {
  setbacks: RetreatState['setbacks'];
  has: { good: boolean; candidate: boolean };
  reference?: number;
}

/** A training between two iterations, all but the trainer itself. */
export interface TrainingState {
  readonly steps: readonly TrainingStep[];
  readonly retreat: RetreatState;
  /** See `DivergenceWatch`. */
  readonly reference: number | undefined;
}

/** Keeps where training is: the trainer's state, the iterations and tests so far, and the states at the best test and to go back to. */
export function saveTraining(
  checkpoint: Checkpoint,
  trainer: Trainer,
  { steps, retreat, reference }: TrainingState,
  tests: TrainingTests | undefined,
): Promise<void> {
  return checkpoint.save(async (folder) => {
    const inFolder = async (name: string, snapshot: TrainerSnapshot) => {
      await mkdir(join(folder, name));
      await writeSnapshot(join(folder, name), snapshot);
    };
    await writeSnapshot(folder, await trainer.snapshot());
    await writeFile(join(folder, STEPS_FILE), JSON.stringify(steps));
    const { setbacks, good, candidate } = retreat;
    const has = { good: good !== undefined, candidate: candidate !== undefined };
    const watched: SavedRetreat = { setbacks, has, ...(reference !== undefined && { reference }) };
    await writeFile(join(folder, RETREAT_FILE), JSON.stringify(watched));
    if (good) await inFolder(GOOD_FOLDER, good);
    if (candidate) await inFolder(CANDIDATE_FOLDER, candidate);
    if (!tests) return;
    const { done, best } = tests;
    const saved: SavedTests = { done, ...(best && { best: { iteration: best.iteration, value: best.value } }) };
    await writeFile(join(folder, TESTS_FILE), JSON.stringify(saved));
    if (best) await inFolder(BEST_FOLDER, best.snapshot);
  });
}

/**
 * Puts the trainer, its tests and its retreat where an interrupted run left off.
 *
 * @param retreat a new one
 * @returns that run's iterations, none where there was none, and what its watch for divergence knew
 */
export async function restoreTraining(
  checkpoint: Checkpoint,
  trainer: Trainer,
  tests: TrainingTests | undefined,
  retreat: Retreat,
): Promise<{ steps: TrainingStep[]; reference: number | undefined }> {
  await removeAbandoned(tmpdir());
  const folder = draftPath(tmpdir(), 'caffe-quant-checkpoint');
  await mkdir(folder);
  const read = async <T>(name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
  try {
    if (!(await checkpoint.restore(folder))) return { steps: [], reference: undefined };
    trainer.restore(await readSnapshot(folder));
    if (tests && existsSync(join(folder, TESTS_FILE))) {
      const { done, best } = await read<SavedTests>(TESTS_FILE);
      tests.done.push(...done);
      if (best) tests.best = { ...best, snapshot: await readSnapshot(join(folder, BEST_FOLDER)) };
    }
    const { setbacks, has, reference } = await read<SavedRetreat>(RETREAT_FILE);
    retreat.restore({
      setbacks,
      good: has.good ? await readSnapshot(join(folder, GOOD_FOLDER)) : undefined,
      candidate: has.candidate ? await readSnapshot(join(folder, CANDIDATE_FOLDER)) : undefined,
    });
    return { steps: await read<TrainingStep[]>(STEPS_FILE), reference };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
