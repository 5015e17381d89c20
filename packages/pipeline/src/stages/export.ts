import { notBuiltYet } from './not-built-yet.ts';
import type { Stage } from '../stage.ts';

/** Writes the record, the fake-quant, the deploy, the plain Caffe and the ONNX model. */
export const exportStage: Stage = {
  name: 'export',
  async run() {
    throw notBuiltYet('export');
  },
};
