import { DiagnosticsError } from 'caffe-prototxt-parser';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openStore } from './open-store.ts';

const folder = temporaryFolder();
const unexpected = () => {
  throw new Error('the store can be written');
};

const keeps = async (environment: NodeJS.ProcessEnv, bytes: number): Promise<boolean> => {
  await openStore(folder.path, unexpected, environment).put('key', (draft) =>
    writeFile(join(draft, 'f'), Buffer.alloc(bytes)),
  );
  return openStore(folder.path, unexpected, { ...environment, NX_SKIP_NX_CACHE: '' }).restore(
    'key',
    join(folder.path, 'out'),
  );
};

test.each([
  [undefined, 5000, true],
  ['5kB', 5000, true],
  ['5kB', 5001, false],
  ['0.005 MB', 5000, true],
  ['4999', 5000, false],
  ['1 GB', 5000, true],
])('CAFFE_QUANT_STORE_LIMIT=%s lets %d bytes in: %s', async (limit, bytes, expected) => {
  expect(await keeps({ CAFFE_QUANT_STORE_LIMIT: limit }, bytes)).toBe(expected);
});

test('another text is refused', () => {
  expect(() => openStore(folder.path, unexpected, { CAFFE_QUANT_STORE_LIMIT: 'much' })).toThrow(DiagnosticsError);
});

test('NX_SKIP_NX_CACHE=true, which `nx run --skip-nx-cache` sets, takes nothing out', async () => {
  expect(await keeps({ NX_SKIP_NX_CACHE: 'true' }, 10)).toBe(true);
  const skipping = openStore(folder.path, unexpected, { NX_SKIP_NX_CACHE: 'true' });
  expect(await skipping.restore('key', join(folder.path, 'again'))).toBe(false);
});
