import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSnapshot, writeSnapshot, type Trainer } from '@caffe-quant/kernels';
import type { TrainingStep, TrainingTest } from '@caffe-quant/report';
import { draftPath, removeAbandoned } from '../../locks/drafts.ts';
import type { Checkpoint } from '../../stage.ts';
import type { BestTest, TrainingTests } from './training-tests.ts';

const STEPS_FILE = 'steps.json';
const TESTS_FILE = 'tests.json';
const BEST_FOLDER = 'best';

interface SavedTests {
  done: readonly TrainingTest[];
  best?: Omit<BestTest, 'snapshot'>;
}

/** Keeps where training is: the trainer's state, the iterations and tests so far, and the state at the best test. */
export function saveTraining(
  checkpoint: Checkpoint,
  trainer: Trainer,
  steps: readonly TrainingStep[],
  tests: TrainingTests | undefined,
): Promise<void> {
  return checkpoint.save(async (folder) => {
    await writeSnapshot(folder, await trainer.snapshot());
    await writeFile(join(folder, STEPS_FILE), JSON.stringify(steps));
    if (!tests) return;
    const { done, best } = tests;
    const saved: SavedTests = { done, ...(best && { best: { iteration: best.iteration, value: best.value } }) };
    await writeFile(join(folder, TESTS_FILE), JSON.stringify(saved));
    if (!best) return;
    await mkdir(join(folder, BEST_FOLDER));
    await writeSnapshot(join(folder, BEST_FOLDER), best.snapshot);
  });
}

/**
 * Puts the trainer and its tests where an interrupted run left off, and gives that run's iterations; none where there was
 * none.
 */
export async function restoreTraining(
  checkpoint: Checkpoint,
  trainer: Trainer,
  tests: TrainingTests | undefined,
): Promise<TrainingStep[]> {
  await removeAbandoned(tmpdir());
  const folder = draftPath(tmpdir(), 'caffe-quant-checkpoint');
  await mkdir(folder);
  const read = async <T>(name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
  try {
    if (!(await checkpoint.restore(folder))) return [];
    trainer.restore(await readSnapshot(folder));
    if (tests && existsSync(join(folder, TESTS_FILE))) {
      const { done, best } = await read<SavedTests>(TESTS_FILE);
      tests.done.push(...done);
      if (best) tests.best = { ...best, snapshot: await readSnapshot(join(folder, BEST_FOLDER)) };
    }
    return await read<TrainingStep[]>(STEPS_FILE);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
