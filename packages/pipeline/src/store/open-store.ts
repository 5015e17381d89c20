import { join } from 'node:path';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { sizeOf } from '../size-text.ts';
import { StageStore, type StageStoreOptions } from './stage-store.ts';

const DEFAULT_LIMIT = '10GB';

/**
 * The store of a workspace, in its git-ignored folder `.caffe-quant/store`.
 *
 * Environment: `CAFFE_QUANT_STORE_LIMIT` is its size limit ("500MB", "20GB"; default 10GB); with
 * `NX_SKIP_NX_CACHE=true`, which `nx run --skip-nx-cache` sets, nothing is taken out of it.
 *
 * @param warn told where the store cannot be written
 * @throws DiagnosticsError for a limit that cannot be understood
 */
export function openStore(
  workspaceRoot: string,
  warn: StageStoreOptions['warn'],
  environment: NodeJS.ProcessEnv = process.env,
): StageStore {
  const text = environment['CAFFE_QUANT_STORE_LIMIT'] || DEFAULT_LIMIT;
  const limit = sizeOf(text);
  if (limit === undefined) {
    const message = `CAFFE_QUANT_STORE_LIMIT is '${text}', which is not a size`;
    throw new DiagnosticsError([{ code: 'store-limit', severity: 'error', message, hint: 'for example 20GB' }]);
  }
  const skip = environment['NX_SKIP_NX_CACHE'] ?? environment['NX_DISABLE_NX_CACHE'];
  return new StageStore(join(workspaceRoot, '.caffe-quant', 'store'), {
    limit,
    bypass: skip === 'true',
    workspaceRoot,
    warn,
  });
}
