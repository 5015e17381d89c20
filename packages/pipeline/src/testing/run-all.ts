import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { ProjectPlace } from '../project/project-place.ts';
import type { StageOptions } from '../stage-options.ts';
import { calibrateStage } from '../stages/calibrate.ts';
import { evaluateStage } from '../stages/evaluate.ts';
import { exportStage } from '../stages/export.ts';
import { fingerprintStage } from '../stages/fingerprint.ts';
import { reportStage } from '../stages/report.ts';
import { resolveStage } from '../stages/resolve.ts';
import { retrainStage } from '../stages/retrain.ts';
import { trainStage } from '../stages/train.ts';
import { runIn } from './run-in.ts';

const IN_ORDER = [
  fingerprintStage,
  resolveStage,
  calibrateStage,
  trainStage,
  exportStage,
  evaluateStage,
  reportStage,
  retrainStage,
];

/** Runs all stages of a project until one fails; what they said, and a reader of what they left. */
export async function runAll(place: ProjectPlace, options: StageOptions = {}) {
  let printed = '';
  const file = (name: string) => join(place.workspaceRoot, options.outDir ?? `dist/quantize/${place.name}`, name);
  const json = <T>(name: string) => JSON.parse(readFileSync(file(name), 'utf8')) as T;
  for (const stage of IN_ORDER) {
    const run = await runIn(place, stage, options);
    printed += `${run.printed}\n`;
    if (!run.success) return { success: false, failed: stage.name, errors: run.errors, printed, file, json };
  }
  return { success: true, failed: undefined, errors: '', printed, file, json };
}
