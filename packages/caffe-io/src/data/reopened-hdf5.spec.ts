import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadHdf5 } from '../hdf5/load-hdf5.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { openLayer } from './testing/open-layer.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const file = () => join(folder.path, 'a.h5');

async function fileOf(first: number): Promise<Buffer> {
  const { File } = await loadHdf5();
  const written = new File(join(folder.path, 'written.h5'), 'w');
  const data = Float32Array.from({ length: 96 }, (_, i) => first + i);
  written.create_dataset({ name: 'data', data, shape: [24, 4], chunks: [8, 4], compression: 3, compression_opts: [] });
  written.close();
  return readFileSync(join(folder.path, 'written.h5'));
}

async function firstValue(): Promise<number> {
  writeFileSync(join(folder.path, 'list.txt'), 'a.h5\n');
  const reader = await openLayer(
    'layer { name: "h" type: "HDF5Data" top: "data" hdf5_data_param { source: "list.txt" batch_size: 2 } }',
    folder.path,
  );
  try {
    return (await reader.batch(0))[0]![0]!;
  } finally {
    await reader.close();
  }
}

it.each<[string, (bytes: Buffer) => void]>([
  [
    'a chunk that does not match its checksum',
    (bytes) => (bytes[bytes.indexOf(Buffer.from(Float32Array.of(101).buffer))] = 1),
  ],
  ['a broken data set', (bytes) => bytes.fill(255, 600, 800)],
  ['its first bytes', (bytes) => bytes.fill(0, 0, 8)],
])('a file that could not be read is read anew when it is written over: %s', async (_, damage) => {
  const [one, other] = [await fileOf(100), await fileOf(500)];
  for (let time = 0; time < 3; time++) {
    const broken = Buffer.from(one);
    damage(broken);
    writeFileSync(file(), broken);
    await diagnosticsOf(() => firstValue());
    writeFileSync(file(), other);
    expect(await firstValue()).toBe(500);
    writeFileSync(file(), one);
    expect(await firstValue()).toBe(100);
  }
});

it('a file that could be read is read anew too', async () => {
  for (const first of [100, 500, 100]) {
    writeFileSync(file(), await fileOf(first));
    expect(await firstValue()).toBe(first);
  }
});
