import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallProject, writeWeights } from '../packages/pipeline/src/testing/small-project.ts';
import { stagesOf } from './support/stages-of.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/**
 * What is in the hash and what is not, beyond a project's own tracked files (cache.spec.ts has those): the engine, files
 * that git ignores or that are outside of the workspace, verbosity; and that nothing of an earlier run stays.
 */

const TRAIN = ['fingerprint', 'resolve', 'calibrate', 'train'];
const ENGINE = 'node_modules/onnxruntime-node';
const BUILT = 'node_modules/@caffe-quant/nx/dist';

let repository: TemporaryWorkspace;
let outside: string;

beforeAll(() => {
  repository = new TemporaryWorkspace();
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-outside-')));
  repository.remove('models');
  smallProject(repository.path);
  // A project without weights and data of its own.
  mkdirSync(join(repository.path, 'models/far'));
  for (const name of ['quant.cfg', 'solver.prototxt', 'train_val.prototxt']) {
    copyFileSync(join(repository.path, 'models/small', name), join(repository.path, 'models/far', name));
  }
  mkdirSync(join(outside, 'data'));
  copyFileSync(join(repository.path, 'models/small/data/data.mdb'), join(outside, 'data/data.mdb'));
  writeWeights(join(outside, 'w.caffemodel'));
  const options = { weights: join(outside, 'w.caffemodel'), dataRoot: outside };
  const projects = { far: { root: 'models/far', targets: { 'quantize-retrain': { options } } } };
  repository.write('workspace.json', JSON.stringify({ version: 2, projects }, null, 2));
  // As in a repository of models alone: the weights and the data are not in git.
  repository.write('.gitignore', 'node_modules\n.nx\ndist\n.caffe-quant\n*.caffemodel\n*.mdb\n');
});
afterAll(() => {
  repository.remove();
  rmSync(outside, { recursive: true, force: true });
});

async function train(project: string, ...args: string[]) {
  const { status, ran, output } = await repository.nx('run', `${project}:quantize-train`, ...args);
  if (status !== 0) throw new Error(output);
  return ran;
}

/** Both projects in one run of Nx. */
async function trainBoth() {
  const run = ['run-many', '--targets=quantize-train', '--projects=small,far', '--outputStyle=stream'];
  const { status, output } = await repository.nx(...run);
  if (status !== 0) throw new Error(output);
  return { small: stagesOf(output, 'small').ran, far: stagesOf(output, 'far').ran };
}

describe('weights and data, those of small that git ignores, those of far outside of the workspace', () => {
  const both = (name: string, far: string) => [join(repository.path, 'models/small', name), join(outside, far)];
  const files: Record<string, () => string[]> = {
    weights: () => both('small.caffemodel', 'w.caffemodel'),
    data: () => both('data/data.mdb', 'data/data.mdb'),
  };

  beforeAll(async () => expect(await trainBoth()).toEqual({ small: TRAIN, far: TRAIN }));

  test.each<[string, (file: string) => void]>([
    ['weights', (file) => writeWeights(file, 5)],
    ['data', (file) => appendFileSync(file, Buffer.alloc(4096))],
  ])('other %s count', async (name, change) => {
    const before = files[name]!().map((file) => [file, readFileSync(file)] as const);
    for (const [file] of before) change(file);
    const ran = await trainBoth();
    for (const [file, bytes] of before) writeFileSync(file, bytes);
    expect(ran).toEqual({ small: TRAIN, far: TRAIN });
  });

  test('those from before compute nothing, whatever their times', async () => {
    for (const file of Object.values(files).flatMap((paths) => paths())) utimesSync(file, 1e9, 1e9);
    expect(await trainBoth()).toEqual({ small: ['fingerprint'], far: ['fingerprint'] });
  });
});

describe('the engine', () => {
  const LINK = `${ENGINE}.link`;
  const path = (name: string) => join(repository.path, name);

  /** Another onnxruntime by its version, and the same by its files. */
  function pretendVersion(version: string): void {
    renameSync(path(ENGINE), path(LINK));
    mkdirSync(path(ENGINE));
    for (const name of readdirSync(path(LINK)))
      symlinkSync(join(realpathSync(path(LINK)), name), path(`${ENGINE}/${name}`));
    const manifest = JSON.parse(repository.read(`${LINK}/package.json`)) as object;
    rmSync(path(`${ENGINE}/package.json`));
    repository.write(`${ENGINE}/package.json`, JSON.stringify({ ...manifest, version }));
  }

  test('another version of onnxruntime re-runs what computes with it, and nothing else', async () => {
    pretendVersion('99.0.0');
    const ran = await train('small');
    repository.remove(ENGINE);
    renameSync(path(LINK), path(ENGINE));
    expect(ran).toEqual(['fingerprint', 'calibrate', 'train']);
  });

  test('so does another numericsVersion', async () => {
    const [file = ''] = readdirSync(join(repository.path, BUILT))
      .map((name) => `${BUILT}/${name}`)
      .filter((name) => name.endsWith('.js') && /\bNUMERICS_VERSION = /.test(repository.read(name)));
    const before = repository.read(file);
    repository.edit(file, /(NUMERICS_VERSION = )\d+/, '$19999');
    const ran = await train('small');
    repository.write(file, before);
    expect(ran).toEqual(['fingerprint', 'calibrate', 'train']);
  });

  test('another version of our packages, which may write other files, re-runs the stages without numbers', async () => {
    const manifest = 'node_modules/@caffe-quant/pipeline/package.json';
    const before = repository.read(manifest);
    repository.edit(manifest, '"version": "0.1.0"', '"version": "0.1.1"');
    const ran = await train('small');
    repository.write(manifest, before);
    expect(ran).toEqual(['fingerprint', 'resolve']);
  });
});

test('with the engine from before, nothing is computed; verbosity, threads, colours and the size of the store make no difference', async () => {
  const environment = {
    NX_VERBOSE_LOGGING: 'true',
    CAFFE_QUANT_THREADS: '1',
    CAFFE_QUANT_STORE_LIMIT: '1GB',
    FORCE_COLOR: '1',
  };
  Object.assign(repository.environment, environment);
  expect(await train('small', '--verbose')).toEqual(['fingerprint']);
  for (const name of Object.keys(environment)) delete repository.environment[name];
});

test('what an earlier run left is gone after the next, computed or cached', async () => {
  const left = 'dist/quantize/small/resolve/left-over.json';
  const names = () => readdirSync(join(repository.path, 'dist/quantize/small/resolve'));
  const expected = names();
  repository.write(left, '{}');
  expect(await train('small')).toEqual(['fingerprint']);
  expect(names()).toEqual(expected);
  repository.write(left, '{}');
  repository.edit('models/small/quant.cfg', '# the sample', '# The sample');
  expect(await train('small')).toEqual(['fingerprint', 'resolve']);
  expect(names()).toEqual(expected);
});

test('an option is in the hash of every stage; the store answers for those that it does not concern', async () => {
  repository.edit('workspace.json', '"options": {', '"options": { "maxIter": 3,');
  const { status, ran, output } = await repository.nx('run', 'far:quantize-train');
  expect({ status, ran }).toEqual({ status: 0, ran: TRAIN });
  expect(output).toContain('quantize-calibrate: nothing it depends on has changed; taken from .caffe-quant/store');
  expect(output).not.toContain('quantize-train: nothing');
});

test('so is the execution provider, for which the store has nothing either', async () => {
  const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
  repository.edit('workspace.json', '"options": {', `"options": { "device": "${absent}",`);
  const { status, ran, output } = await repository.nx('run', 'far:quantize-train');
  expect({ status, ran: ran.slice(0, 3) }).toEqual({ status: 1, ran: TRAIN.slice(0, 3) });
  expect(output).toContain(`the device '${absent}' cannot be used with the installed onnxruntime-node on this machine`);
});
