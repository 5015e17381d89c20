import { notBuiltYet } from './not-built-yet.ts';
import type { Stage } from '../stage.ts';

/** Writes the HTML page about the run. */
export const reportStage: Stage = {
  name: 'report',
  async run() {
    throw notBuiltYet('report');
  },
};
