import { join } from 'node:path';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { StageStore, type StageStoreOptions } from './stage-store.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };
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
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?b)?\s*$/i.exec(text) ?? [];
  if (number === '') {
    const message = `CAFFE_QUANT_STORE_LIMIT is '${text}', which is not a size`;
    throw new DiagnosticsError([{ code: 'store-limit', severity: 'error', message, hint: 'for example 20GB' }]);
  }
  const factor = UNITS[unit.toLowerCase().replace(/^b$/, '')] ?? 1;
  const skip = environment['NX_SKIP_NX_CACHE'] ?? environment['NX_DISABLE_NX_CACHE'];
  return new StageStore(join(workspaceRoot, '.caffe-quant', 'store'), {
    limit: Number(number) * factor,
    bypass: skip === 'true',
    workspaceRoot,
    warn,
  });
}
