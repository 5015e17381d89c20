import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSnapshot, writeSnapshot, type Trainer } from '@caffe-quant/kernels';
import type { TrainingStep } from '@caffe-quant/report';
import type { Checkpoint } from '../stage.ts';

const STEPS_FILE = 'steps.json';

/** Keeps where training is: the trainer's state and the iterations so far. */
export function saveTraining(checkpoint: Checkpoint, trainer: Trainer, steps: readonly TrainingStep[]): Promise<void> {
  return checkpoint.save(async (folder) => {
    await writeSnapshot(folder, trainer.snapshot());
    await writeFile(join(folder, STEPS_FILE), JSON.stringify(steps));
  });
}

/** Puts the trainer where an interrupted run left off, and gives that run's iterations; none where there was none. */
export async function restoreTraining(checkpoint: Checkpoint, trainer: Trainer): Promise<TrainingStep[]> {
  const folder = await mkdtemp(join(tmpdir(), 'caffe-quant-checkpoint-'));
  try {
    if (!(await checkpoint.restore(folder))) return [];
    trainer.restore(await readSnapshot(folder));
    return JSON.parse(await readFile(join(folder, STEPS_FILE), 'utf8')) as TrainingStep[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
