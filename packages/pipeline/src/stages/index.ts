import type { StageName } from '../stage-list.ts';
import type { Stage } from '../stage.ts';
import { calibrateStage } from './calibrate.ts';
import { evaluateStage } from './evaluate.ts';
import { explainStage } from './explain.ts';
import { exportStage } from './export.ts';
import { fingerprintStage } from './fingerprint.ts';
import { reportStage } from './report.ts';
import { resolveStage } from './resolve.ts';
import { retrainStage } from './retrain.ts';
import { trainStage } from './train.ts';

/** The work of every stage. A module that is heavy to load is imported where it is used, inside of `run`. */
export const STAGE_WORK: Readonly<Record<StageName, Stage>> = {
  fingerprint: fingerprintStage,
  resolve: resolveStage,
  calibrate: calibrateStage,
  train: trainStage,
  export: exportStage,
  evaluate: evaluateStage,
  report: reportStage,
  retrain: retrainStage,
  explain: explainStage,
};
