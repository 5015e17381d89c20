import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import fc from 'fast-check';
import { loadHdf5 } from '../hdf5/load-hdf5.ts';
import { LevelDbReader } from './leveldb.ts';
import { openLayer } from './testing/open-layer.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeLevelDb } from './testing/write-leveldb.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);

/** Changes some bytes of a file, and cuts it off. */
const damage = fc.record({
  bytes: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 3 }),
  kept: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
});
function damaged(whole: Buffer, { bytes, kept }: { bytes: [number, number][]; kept: number }): Buffer {
  const result = Buffer.from(whole);
  for (const [place, byte] of bytes) result[Math.floor(place * (result.length - 1))] = byte;
  return result.subarray(0, Math.floor(kept * result.length));
}

async function orDiagnostics(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
  }
}

it('a damaged LevelDB is read or refused, and leaves no copy behind', async () => {
  const records = Array.from({ length: 200 }, (_, i) => [`${1000 + i}`, Uint8Array.of(i, 1, 2, 3)] as const);
  await writeLevelDb(path('whole'), records);
  await writeLevelDb(path('whole'), [['2', Uint8Array.of(1)]], { compacted: false });
  mkdirSync(path('copies'));
  const names = readdirSync(path('whole'));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), damage, async (name, how) => {
      rmSync(path('set'), { recursive: true, force: true });
      cpSync(path('whole'), path('set'), { recursive: true });
      writeFileSync(join(path('set'), name), damaged(readFileSync(join(path('whole'), name)), how));
      await orDiagnostics(async () => {
        const reader = await LevelDbReader.open(path('set'), path('copies'));
        try {
          await reader.records([...Array(reader.recordCount).keys()]);
        } finally {
          await reader.close();
        }
      });
      expect(readdirSync(path('copies'))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

it('a damaged HDF5 file is read or refused', async () => {
  const { File } = await loadHdf5();
  const file = new File(path('whole.h5'), 'w');
  const data = Float32Array.from({ length: 60 }, (_, i) => i);
  file.create_dataset({ name: 'data', data, shape: [10, 6], chunks: [2, 6], compression: 4 });
  file.create_dataset({ name: 'label', data: Int32Array.from({ length: 10 }, (_, i) => i), shape: [10] });
  file.close();
  const whole = readFileSync(path('whole.h5'));
  writeFileSync(path('list.txt'), 'set.h5\n');
  await fc.assert(
    fc.asyncProperty(damage, async (how) => {
      writeFileSync(path('set.h5'), damaged(whole, how));
      await orDiagnostics(async () => {
        const reader = await openLayer(
          'layer { type: "HDF5Data" top: "data" top: "label" hdf5_data_param { source: "list.txt" batch_size: 4 } }',
          folder.path,
        );
        await reader.batch(0);
        await reader.records(0, 10);
        await reader.close();
      });
    }),
    { numRuns: 300 },
  );
});
