import type { StageRequest } from './stage-request.ts';
import { namingTheDisk } from './disk-problem.ts';
import { lockOutput } from './lock-output.ts';
import { outDirOf, runStage } from './run-stage.ts';
import type { Stage } from './stage.ts';
import { calibrateStage } from './stages/calibrate/stage.ts';
import { controlStage } from './stages/control/stage.ts';
import { evaluateStage } from './stages/evaluate/stage.ts';
import { exportStage } from './stages/export/stage.ts';
import { fingerprintStage } from './stages/fingerprint/stage.ts';
import { reportStage } from './stages/report/stage.ts';
import { resolveStage } from './stages/resolve/stage.ts';
import { retrainStage } from './stages/retrain/stage.ts';
import { trainStage } from './stages/train/stage.ts';

export type { StageRequest } from './stage-request.ts';
export { openExportFolder } from './folder-export/open-export-folder.ts';
export { checkTarget, deliver } from './folder-export/deliver.ts';
export { untilInterrupted } from './until-interrupted.ts';

/** What `nx run <project>:quantize-retrain` runs, in this order. */
export const RUN: readonly Stage[] = [
  fingerprintStage,
  resolveStage,
  calibrateStage,
  trainStage,
  controlStage,
  exportStage,
  evaluateStage,
  reportStage,
  retrainStage,
];

export interface RunAllHooks {
  /** Told of each stage before it runs. */
  before?(stage: Stage): void;
  /** Takes what the stages have left, by the folder of their output folders, while no other run can write there. */
  after?(outDir: string): Promise<void>;
}

/**
 * Runs all stages one after the other, as Nx would do it, but without its cache: what the store of finished stages has
 * comes from there. The first that fails is the last.
 *
 * @returns whether all succeeded
 * @throws DiagnosticsError where another run has the output folders and does not end in time
 */
export async function runAll(request: StageRequest, { before, after }: RunAllHooks = {}): Promise<boolean> {
  const outDir = outDirOf(request);
  const { signal } = request.host;
  const writing = { folder: outDir, workspaceRoot: request.place.workspaceRoot };
  const lock = await namingTheDisk(writing, () => lockOutput(outDir, 'all', request)).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (lock === undefined) return false;
  try {
    for (const stage of RUN) {
      if (signal.aborted) return false;
      before?.(stage);
      if (!(await runStage(stage, request, lock))) return false;
    }
    await after?.(outDir);
    return true;
  } finally {
    lock.release(true);
  }
}
