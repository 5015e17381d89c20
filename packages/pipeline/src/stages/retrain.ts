import { notBuiltYet } from './not-built-yet.ts';
import type { Stage } from '../stage.ts';

/** Collects the deliverables, prints the table and applies the thresholds. */
export const retrainStage: Stage = {
  name: 'retrain',
  async run() {
    throw notBuiltYet('retrain');
  },
};
