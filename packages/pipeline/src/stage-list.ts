import { STAGE_NAMES, type StageDeclaration, type StageName } from './stage-declaration.ts';
import { calibrateDeclaration } from './stages/calibrate/declaration.ts';
import { controlDeclaration } from './stages/control/declaration.ts';
import { evaluateDeclaration } from './stages/evaluate/declaration.ts';
import { explainDeclaration } from './stages/explain/declaration.ts';
import { exportDeclaration } from './stages/export/declaration.ts';
import { fingerprintDeclaration } from './stages/fingerprint/declaration.ts';
import { reportDeclaration } from './stages/report/declaration.ts';
import { resolveDeclaration } from './stages/resolve/declaration.ts';
import { retrainDeclaration } from './stages/retrain/declaration.ts';
import { trainDeclaration } from './stages/train/declaration.ts';

/** The one list of stages: Nx's targets, the keys of the store and the order of work follow from it. */
export const STAGES: Readonly<Record<StageName, StageDeclaration>> = {
  fingerprint: fingerprintDeclaration,
  resolve: resolveDeclaration,
  calibrate: calibrateDeclaration,
  train: trainDeclaration,
  control: controlDeclaration,
  export: exportDeclaration,
  evaluate: evaluateDeclaration,
  report: reportDeclaration,
  retrain: retrainDeclaration,
  explain: explainDeclaration,
};

/** Written by a stage of which others read everything: sha256 by file. */
export const DIGESTS_FILE = 'digests.json';

/** The stages whose output a stage reads, in the order in which they run. */
export function stagesBefore(name: StageName): StageName[] {
  return STAGE_NAMES.filter((stage) => STAGES[name].reads[stage] !== undefined);
}
