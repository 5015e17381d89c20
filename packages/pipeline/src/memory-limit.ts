import { machineMemory } from '@caffe-quant/kernels/layer-types';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { sizeOf } from './size-text.ts';
import type { StageOptions } from './stage-options.ts';

/**
 * Bytes of memory that a run may take: the option `memoryLimit`, else what the machine has.
 *
 * @throws DiagnosticsError for an option that is no size
 */
export function memoryLimitOf({ memoryLimit: text }: StageOptions): number {
  if (text === undefined) return machineMemory();
  const limit = sizeOf(text);
  if (limit !== undefined && limit > 0) return limit;
  const message = `the option memoryLimit is '${text}', which is not a size`;
  throw new DiagnosticsError([{ code: 'memory-limit', severity: 'error', message, hint: 'for example 8GB' }]);
}
