import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ALL_STAGES } from './support/stages-of.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** The build cache through real Nx: what re-runs, what does not, and that the bytes are the same. */

const RESULTS = 'dist/quantize/model/retrain';

let repository: TemporaryWorkspace;
let results: Record<string, string>;
/** Files in the home folder, and that for temporary ones, of the first run, which began with empty ones, and had one thread. */
let leftOutside: string[];

beforeAll(async () => {
  repository = new TemporaryWorkspace();
  repository.edit('workspace.json', '"config": "quant.cfg"', '"config": "quant.cfg", "maxIter": 4');
  const [home, temporary] = ['home', 'tmp'].map((name) => join(repository.path, '.new', name)) as [string, string];
  for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true });
  const environment = { HOME: home, TMPDIR: temporary, CAFFE_QUANT_CACHE_DIR: '', CAFFE_QUANT_THREADS: '1' };
  Object.assign(repository.environment, environment);
  const first = await repository.nx('run', 'model:quantize-retrain');
  for (const name of Object.keys(environment)) delete repository.environment[name];
  expect(first).toMatchObject({ status: 0, ran: ALL_STAGES, cached: [] });
  leftOutside = [home, temporary].flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }));
  results = repository.contents(RESULTS);
});
afterAll(() => repository.remove());

test('onnxruntime, in an environment that says nothing of its telemetry, leaves no identifier, database or log', () => {
  // Our own memo of digests tells that the home folder was this one.
  expect(leftOutside.map((file) => basename(file))).toContain('caffe-quant');
  expect(leftOutside.filter((file) => /Microsoft|mat-debug|\.ses$/.test(file))).toEqual([]);
});

test('a second run restores the same bytes; only the fingerprint is taken anew', async () => {
  repository.remove('dist');
  const { status, ran, cached } = await repository.nx('run', 'model:quantize-retrain');
  expect({ status, ran, cached }).toEqual({ status: 0, ran: ['fingerprint'], cached: ALL_STAGES.slice(1) });
  expect(repository.contents(RESULTS)).toEqual(results);
});

test('a clone without the data has everything from the cache', async () => {
  repository.remove('dist');
  repository.remove('models/data');
  const { status, cached } = await repository.nx('run', 'model:quantize-retrain');
  expect({ status, cached }).toEqual({ status: 0, cached: ALL_STAGES.slice(1) });
  expect(repository.contents(RESULTS)).toEqual(results);
  repository.restoreFolder('models/data');
});

test('without either cache, three threads make the bytes that one has made', async () => {
  repository.environment['CAFFE_QUANT_THREADS'] = '3';
  const { status, ran } = await repository.nx('run', 'model:quantize-retrain', '--skip-nx-cache');
  delete repository.environment['CAFFE_QUANT_THREADS'];
  expect({ status, ran }).toEqual({ status: 0, ran: ALL_STAGES });
  expect(repository.contents(RESULTS)).toEqual(results);
});

describe('what re-runs', () => {
  const MODEL = 'models/model';
  const edit = (file: string, from: string | RegExp, to: string) => () => repository.edit(join(MODEL, file), from, to);
  const flip = (file: string, offset: number) => () => {
    const bytes = readFileSync(join(repository.path, file));
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    repository.write(file, bytes);
  };
  const files = [
    'README.md',
    'quant.cfg',
    'solver.prototxt',
    'train_val.prototxt',
    'lenet.caffemodel',
    'data.lock.json',
    'thresholds.json',
    '../data/fashion-mnist/train_lmdb/data.mdb',
  ].map((name) => join(MODEL, name));
  let before: Map<string, Buffer>;

  beforeEach(() => {
    const present = files.filter((file) => existsSync(join(repository.path, file)));
    before = new Map(present.map((file) => [file, readFileSync(join(repository.path, file))]));
  });
  afterEach(() => {
    for (const file of files) {
      const content = before.get(file);
      if (content === undefined) repository.remove(file);
      else repository.write(file, content);
    }
  });

  test.each<[string, () => void, string[]]>([
    [
      'a README, another project, a threshold, and the times of files',
      () => {
        for (const file of before.keys()) utimesSync(join(repository.path, file), 1e9, 1e9);
        repository.write(`${MODEL}/README.md`, '# another\n');
        repository.write('models/other/quant.cfg', '# x\n');
        repository.write(`${MODEL}/thresholds.json`, '{"maxDrop": 0.5}');
      },
      [],
    ],
    [
      // That each of these files counts, the values below show.
      'comments in quant.cfg and in the net, and how often the solver displays',
      () => {
        edit('quant.cfg', '# global', '# Global')();
        edit('train_val.prototxt', '# LeNet', '# A LeNet')();
        edit('solver.prototxt', 'display: 80', 'display: 81')();
      },
      ['resolve'],
    ],
    ['the learning rate', edit('solver.prototxt', /base_lr: \S+/, 'base_lr: 0.0007'), ['resolve', 'train']],
    ['a value in quant.cfg', edit('quant.cfg', 'clip_max: 6.0', 'clip_max: 5.0'), ['resolve', 'calibrate', 'train']],
    [
      'a value in the net',
      edit('train_val.prototxt', 'batch_size: 64', 'batch_size: 32'),
      ['resolve', 'calibrate', 'train'],
    ],
    ['the weights', flip(`${MODEL}/lenet.caffemodel`, 20_000), ['resolve', 'calibrate', 'train']],
    [
      'the data, with its lock',
      () => {
        flip('models/data/fashion-mnist/train_lmdb/data.mdb', 3_000_000)();
        rmSync(join(repository.path, MODEL, 'data.lock.json'));
      },
      ['resolve', 'calibrate', 'train'],
    ],
  ])('after a change of %s', async (_, change, expected) => {
    change();
    const { status, ran } = await repository.nx('run', 'model:quantize-train');
    expect({ status, ran }).toEqual({ status: 0, ran: ['fingerprint', ...expected] });
  });
});

test('an edit of nx.json, which empties Nx’s whole cache, trains nothing again', async () => {
  repository.edit('nx.json', '"analytics": false', '"analytics": false, "parallel": 2');
  const { status, ran, output } = await repository.nx('run', 'model:quantize-retrain');
  expect({ status, ran }).toEqual({ status: 0, ran: ALL_STAGES });
  for (const stage of ['calibrate', 'train', 'export', 'evaluate', 'report']) {
    expect(output).toContain(`quantize-${stage}: nothing it depends on has changed; taken from .caffe-quant/store`);
  }
  expect(repository.contents(RESULTS)).toEqual(results);
});
