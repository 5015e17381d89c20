import type { StageRequest } from './stage-request.ts';
import { runStage } from './run-stage.ts';
import type { Stage } from './stage.ts';
import { calibrateStage } from './stages/calibrate/stage.ts';
import { evaluateStage } from './stages/evaluate/stage.ts';
import { exportStage } from './stages/export/stage.ts';
import { fingerprintStage } from './stages/fingerprint/stage.ts';
import { reportStage } from './stages/report/stage.ts';
import { resolveStage } from './stages/resolve/stage.ts';
import { retrainStage } from './stages/retrain/stage.ts';
import { trainStage } from './stages/train/stage.ts';

export { untilInterrupted } from './until-interrupted.ts';

/** What `nx run <project>:quantize-retrain` runs, in this order. */
export const RUN: readonly Stage[] = [
  fingerprintStage,
  resolveStage,
  calibrateStage,
  trainStage,
  exportStage,
  evaluateStage,
  reportStage,
  retrainStage,
];

/**
 * Runs all stages one after the other, as Nx would do it, but without its cache: what the store of finished stages has
 * comes from there. The first that fails is the last.
 *
 * @param before told of each stage before it runs
 * @returns whether all succeeded
 */
export async function runAll(
  request: StageRequest,
  before: (stage: Stage) => void = () => undefined,
): Promise<boolean> {
  for (const stage of RUN) {
    if (request.host.signal.aborted) return false;
    before(stage);
    if (!(await runStage(stage, request))) return false;
  }
  return true;
}
