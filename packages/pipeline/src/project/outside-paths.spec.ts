import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageOptions } from '../stage-options.ts';
import { fingerprintStage } from '../stages/fingerprint/stage.ts';
import { runIn } from '../testing/run-in.ts';
import { SMALL_PROJECT, smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { writeHdf5 } from '../testing/write-hdf5.ts';

/** Data that a prototxt or a list takes from outside of the workspace and of dataRoot are told, with file and line. */
const folder = temporaryFolder();
const outside = temporaryFolder();

const net = SMALL_PROJECT['train_val.prototxt']!;
const withSource = (source: string) => ({ 'train_val.prototxt': net.replace('source: "data"', `source: "${source}"`) });

async function said(changes: Record<string, string>, options: StageOptions = {}): Promise<string> {
  const place = smallProject(folder.path, changes);
  const { success, errors } = await runIn(place, fingerprintStage, options);
  expect(success).toBe(true);
  return errors;
}

const copyData = (): void =>
  cpSync(join(smallProject(folder.path).root, 'data'), join(outside.path, 'data'), { recursive: true });

test('data inside are no news', async () => {
  expect(await said({})).toBe('');
});

test('a source outside is, unless dataRoot has it', async () => {
  copyData();
  const changes = withSource(`${outside.path}/data`);
  expect(await said(changes)).toMatch(
    /train_val\.prototxt:2: warning: layer `data`: '.*\/data' is .*\/data, outside of the workspace and of dataRoot[^]*hint: .*dataRoot/,
  );
  expect(await said(changes, { dataRoot: outside.path })).toBe('');
});

test('so is one behind a link', async () => {
  copyData();
  const place = smallProject(folder.path);
  symlinkSync(join(outside.path, 'data'), join(place.root, 'linked'));
  expect(await said(withSource('linked'))).toMatch(/:2: warning: layer `data`: 'linked' is .*outside of the workspace/);
});

test('of a list the first line that leads outside is told, and how many others do', async () => {
  const layer =
    'layer { name: "data" type: "HDF5Data" top: "data" top: "label" hdf5_data_param { source: "list.txt" batch_size: 1 } }';
  const changes = { 'train_val.prototxt': net.replace(/layer {\n[^]*?\n}\n/, `${layer}\n`) };
  const { root } = smallProject(folder.path, changes);
  const rows = {
    data: { data: new Float32Array(60), shape: [1, 60] },
    label: { data: new Float32Array(1), shape: [1] },
  };
  mkdirSync(join(outside.path, 'far'));
  for (const file of [join(root, 'near.h5'), join(outside.path, 'a.h5'), join(outside.path, 'far/b.h5')])
    await writeHdf5(file, rows);
  const lines = ['near.h5', `${outside.path}/a.h5`, `${outside.path}/far/../far/b.h5`];
  writeFileSync(join(root, 'list.txt'), `${lines.join('\n')}\n`);
  expect(await said(changes)).toMatch(
    /list\.txt:2: warning: '.*a\.h5' is .*a\.h5, outside of .*, and so are 1 more of the list/,
  );
});
