import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageOptions } from '../../stage-options.ts';
import { runIn } from '../../testing/run-in.ts';
import { SMALL_PROJECT, smallProject, writeWeights } from '../../testing/small-project.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { fingerprintStage } from './stage.ts';

const folder = temporaryFolder();
const root = () => join(folder.path, 'models/small');

async function fingerprint(options: StageOptions = {}) {
  const place = { name: 'small', root: root(), workspaceRoot: folder.path };
  const run = await runIn(place, fingerprintStage, options);
  const read = (name: string) => readFileSync(join(folder.path, 'dist/quantize/small/fingerprint', name), 'utf8');
  return { ...run, ...(run.success && { fingerprint: read('fingerprint.json'), sources: read('sources.json') }) };
}

const lockOf = (fingerprintText: string | undefined) => {
  const { data } = JSON.parse(fingerprintText ?? '');
  const { files, records } = data['data'];
  return JSON.stringify({ version: 1, sources: { data: { files, records } } });
};

describe('what the digests depend on', () => {
  test.each<[string, () => void, { fingerprint: boolean; sources: boolean }]>([
    ['nothing', () => undefined, { fingerprint: false, sources: false }],
    ['the weights', () => writeWeights(join(root(), 'small.caffemodel'), 5), { fingerprint: true, sources: false }],
    [
      'their name',
      () => renameSync(join(root(), 'small.caffemodel'), join(root(), 'other.caffemodel')),
      { fingerprint: false, sources: false },
    ],
    [
      'a record of the data',
      () => {
        const file = join(root(), 'data/data.mdb');
        const bytes = readFileSync(file);
        bytes[bytes.length - 1] = 1 - (bytes[bytes.length - 1] ?? 0);
        writeFileSync(file, bytes);
      },
      { fingerprint: true, sources: false },
    ],
    [
      'times',
      () => {
        utimesSync(join(root(), 'data/data.mdb'), 1, 1);
        utimesSync(join(root(), 'quant.cfg'), 1, 1);
      },
      { fingerprint: false, sources: false },
    ],
    [
      'a comment in quant.cfg',
      () => writeFileSync(join(root(), 'quant.cfg'), `# x\n${SMALL_PROJECT['quant.cfg']}`),
      { fingerprint: false, sources: true },
    ],
    ['a file beside', () => writeFileSync(join(root(), 'README.md'), 'x'), { fingerprint: false, sources: false }],
  ])('%s', async (_, change, expected) => {
    smallProject(folder.path);
    const before = await fingerprint();
    change();
    const after = await fingerprint();
    expect({
      fingerprint: after.fingerprint !== before.fingerprint,
      sources: after.sources !== before.sources,
    }).toEqual(expected);
  });

  test('not on where the data are', async () => {
    smallProject(folder.path);
    const before = await fingerprint();
    mkdirSync(join(folder.path, 'elsewhere'));
    renameSync(join(root(), 'data'), join(folder.path, 'elsewhere/data'));
    expect((await fingerprint({ dataRoot: 'elsewhere' })).fingerprint).toBe(before.fingerprint);
  });
});

describe('the data lock', () => {
  test('stands in for data that are absent', async () => {
    smallProject(folder.path);
    const before = await fingerprint();
    writeFileSync(join(root(), 'data.lock.json'), lockOf(before.fingerprint));
    rmSync(join(root(), 'data'), { recursive: true });
    expect((await fingerprint()).fingerprint).toBe(before.fingerprint);
  });

  test('must agree with data that are there', async () => {
    smallProject(folder.path);
    const { fingerprint: text } = await fingerprint();
    writeFileSync(
      join(root(), 'data.lock.json'),
      lockOf(text).replace(/"sha256":"\w+"/, `"sha256":"${'f'.repeat(64)}"`),
    );
    const { success, errors } = await fingerprint();
    expect(success).toBe(false);
    expect(errors).toContain("the data source 'data' differs from models/small/data.lock.json");
  });

  test('that lacks a source is mentioned', async () => {
    smallProject(folder.path, { 'data.lock.json': '{"version":1,"sources":{}}' });
    expect((await fingerprint()).printed).toContain('not in data.lock.json: data');
  });
});

test('a Git LFS pointer to the weights counts as what it points to', async () => {
  smallProject(folder.path);
  const { fingerprint: before } = await fingerprint();
  const { sha256, size } = JSON.parse(before ?? '').weights;
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`;
  writeFileSync(join(root(), 'small.caffemodel'), pointer);
  expect((await fingerprint()).fingerprint).toBe(before);
});

test('everything that is wrong is told at once', async () => {
  smallProject(folder.path, {
    'quant.cfg': 'skip_layers: "nope"\n',
    data: null,
    'data.lock.json':
      '{"version":1,"sources":{"small.caffemodel":{"files":[{"name":"small.caffemodel","size":1,"sha256":"' +
      '0'.repeat(64) +
      '"}]}}}',
  });
  const { errors } = await fingerprint();
  expect(errors).toContain('quant.cfg:1:14: error:');
  expect(errors).toContain("there is no data 'data'; tried models/small/data and data");
  expect(errors).toContain("the data source 'small.caffemodel' differs from models/small/data.lock.json");
});
