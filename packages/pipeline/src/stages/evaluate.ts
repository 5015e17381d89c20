import { notBuiltYet } from './not-built-yet.ts';
import type { Stage } from '../stage.ts';

/** Measures the float, the post-training, the fake-quant and the integer model on the test data. */
export const evaluateStage: Stage = {
  name: 'evaluate',
  async run() {
    throw notBuiltYet('evaluate');
  },
};
