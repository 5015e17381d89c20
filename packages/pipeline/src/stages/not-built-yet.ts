import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { StageName } from '../stage-list.ts';

/** A stage without its work fails, so that nobody takes its silence for success. */
export function notBuiltYet(stage: StageName): DiagnosticsError {
  const message = `the stage quantize-${stage} is not built yet`;
  return new DiagnosticsError([{ code: 'not-built-yet', severity: 'error', message }]);
}
