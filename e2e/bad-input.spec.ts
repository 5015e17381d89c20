import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** A mistake of the user: exit status 1, one message with file, line and layer, no stack, nothing half-written. */

const MODEL = 'models/model';

let repository: TemporaryWorkspace;
beforeAll(() => {
  repository = new TemporaryWorkspace();
});
afterEach(() => repository.restore());
afterAll(() => repository.remove());

const edit = (file: string, from: string | RegExp, to: string) => () => repository.edit(join(MODEL, file), from, to);

test.each<[string, () => void, string, string, number?]>([
  [
    'a missing file',
    () => repository.remove(`${MODEL}/solver.prototxt`),
    'error: the project has no solver.prototxt; tried models/model/solver.prototxt',
    'fingerprint',
  ],
  [
    'a quant.cfg that does not parse',
    edit('quant.cfg', 'clip_max: 6.0', 'clip_max 6.0'),
    'models/model/quant.cfg:2:71: error:',
    'fingerprint',
  ],
  [
    'an unknown layer name',
    edit('quant.cfg', 'skip_layers: "conv1"', 'skip_layers: "conv_1"'),
    'models/model/quant.cfg:4:14: error:',
    'fingerprint',
  ],
  [
    'an unknown field of the net',
    edit('train_val.prototxt', 'kernel_size: 5', 'kernel: 5'),
    'models/model/train_val.prototxt:',
    'fingerprint',
  ],
  [
    'a solver that cannot be followed',
    edit('solver.prototxt', '"step"', '"steps"'),
    "error: there is no lr_policy 'steps'",
    'fingerprint',
  ],
  [
    'weights that do not fit the net',
    edit('train_val.prototxt', 'num_output: 500', 'num_output: 400'),
    'blob 0 of layer "ip1" is [400, 800] in the net, [500, 800] in models/model/lenet.caffemodel',
    'calibrate',
    3, // Weights and bias of ip1, and weights of ip2.
  ],
  [
    'ranges that cannot be exported, before anything is trained',
    edit('quant.cfg', 'clip_max: 6.0 clip_min: -6.0', 'clip_max: 1e-9 clip_min: -1e-9'),
    'Convolution "conv2" has the clip range [-9.999999717180685e-10, 9.999999717180685e-10], from which no scale follows',
    'calibrate',
    3, // conv2, ip1 and ip2.
  ],
  [
    'weights that are cut off',
    () => truncateSync(join(repository.path, MODEL, 'lenet.caffemodel'), 100_000),
    'models/model/lenet.caffemodel: error:',
    'resolve',
  ],
  [
    'data that are not there',
    () => {
      repository.remove('models/data/fashion-mnist/train_lmdb');
      repository.remove(`${MODEL}/data.lock.json`);
    },
    "layer `fashion`: there is no data 'models/data/fashion-mnist/train_lmdb'; tried",
    'fingerprint',
  ],
  [
    'data that are not those of the lock',
    () => truncateSync(join(repository.path, 'models/data/fashion-mnist/test_lmdb/data.mdb'), 1_000_000),
    "the data source 'models/data/fashion-mnist/test_lmdb' differs from models/model/data.lock.json",
    'fingerprint',
    2, // They are damaged as well.
  ],
])('%s', async (_, damage, message, stage, problems = 1) => {
  damage();
  const { status, output, ran } = await repository.nx('run', 'model:quantize-retrain');
  expect(status).toBe(1);
  expect(output).toContain(message);
  expect(ran.at(-1)).toBe(stage);
  expect(output.match(/\berror: /g)).toHaveLength(problems);
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  const left = Object.keys(repository.contents('dist/quantize')).map((file) => file.split('/')[4]);
  expect(left).not.toContain(stage);
  expect(left.filter((name) => name?.startsWith('.'))).toEqual([]);
});

test('options that there are not, with what was meant, all at once', async () => {
  repository.edit(
    'workspace.json',
    '"config": "quant.cfg"',
    '"config": "quant.cfg", "maxIterations": 5, "mode": "best"',
  );
  const { status, output, ran } = await repository.nx('run', 'model:quantize-resolve');
  expect({ status, ran }).toEqual({ status: 1, ran: [] });
  // Nx sets the first line apart, as its headline.
  expect(output).toContain(
    'workspace.json:12:36: error: there is no option maxIterations\n\n  hint: there are config, net,',
  );
  expect(output).toContain(
    "workspace.json:12:56: error: the option mode takes retrain, calibrate or distill, not 'best'",
  );
});
