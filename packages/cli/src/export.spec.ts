import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPTION_LIST } from '@caffe-quant/pipeline/options';
import { smallProject, writeWeights } from '../../pipeline/src/testing/small-project.ts';
import { run } from './testing/run.ts';

const REPOSITORY = process.cwd();

let folder: string;
let cwd: jest.SpiedFunction<typeof process.cwd>;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'caffe-quant-export-')));
  smallProject(folder);
  cwd = jest.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(() => {
  cwd.mockRestore();
  rmSync(folder, { recursive: true });
});

const out = () => join(folder, 'results');
const exportSmall = (...args: string[]) => run('export', 'models/small', '--out', out(), '--max-iter', '2', ...args);

test('writes what quantize-retrain delivers, prints the table, and knows what it has done before', async () => {
  const first = await exportSmall();
  expect(first).toMatchObject({ status: 0, error: '' });
  expect(first.out).toMatch(/^post-training /m);
  expect(first.out).toMatch(/^The results are in results$/m);
  expect(readdirSync(out())).toEqual(
    expect.arrayContaining(['small_int8.onnx', 'small_scale_offset_record.txt', 'small_report.html', 'summary.txt']),
  );
  const bytes = readFileSync(join(out(), 'small_int8.onnx'));
  rmSync(out(), { recursive: true });
  const second = await exportSmall();
  expect(second.status).toBe(0);
  expect(second.out).toContain('quantize-train: nothing it depends on has changed');
  expect(readFileSync(join(out(), 'small_int8.onnx'))).toEqual(bytes);
});

test('losses without a top are trained with, and named by their layers in the table', async () => {
  const net = join(folder, 'models/small/train_val.prototxt');
  const withoutTop = readFileSync(net, 'utf8').replace('bottom: "label" top: "loss"', 'bottom: "label"');
  const near = 'layer { name: "near" type: "SmoothL1Loss" bottom: "ip2" bottom: "ip1" loss_weight: 9 }\n';
  const train = async (text: string) => {
    writeFileSync(net, text);
    const { status, out: printed, error } = await exportSmall();
    expect([status, error]).toEqual([0, '']);
    const row = (name: string) => printed.split('\n').find((line) => line.startsWith(`${name} `))!;
    const cells = (name: string) => row(name).split(/ {2,}/);
    return { head: cells('model'), loss: cells('QAT fake-quant')[1] };
  };
  const alone = await train(withoutTop);
  expect(alone.head).toEqual(['model', 'loss', 'to float']);
  const both = await train(withoutTop + near);
  expect(both.head).toEqual(['model', 'loss', 'to float', 'near', 'to float']);
  expect(both.loss).not.toBe(alone.loss);
});

test('files beside the results stay', async () => {
  mkdirSync(out());
  writeFileSync(join(out(), 'mine.txt'), 'mine');
  await exportSmall('--prefix', 'other');
  expect(readdirSync(out())).toEqual(expect.arrayContaining(['mine.txt', 'other_int8.onnx']));
});

describe('two exports of one folder at once', () => {
  const resultsOf = (name: string) =>
    Object.fromEntries(readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file))]));
  const calibrate = (name: string, ...args: string[]) =>
    run('export', 'models/small', '--out', join(folder, name), '--mode', 'calibrate', ...args);
  const OTHER = ['--weights', 'other.caffemodel'];
  beforeEach(() => {
    writeWeights(join(folder, 'models/small/other.caffemodel'), 3);
    rmSync(join(folder, 'models/small/small.caffemodel'));
    writeWeights(join(folder, 'models/small/one.caffemodel'));
  });
  const ONE = ['--weights', 'one.caffemodel'];

  test('each delivers what it delivers alone, with other options and with the same', async () => {
    await calibrate('one alone', ...ONE);
    await calibrate('other alone', ...OTHER);
    const [one, other] = [resultsOf('one alone'), resultsOf('other alone')];
    expect(one['small_int8.onnx']).not.toEqual(other['small_int8.onnx']);
    for (const isStored of [false, true]) {
      if (!isStored) rmSync(join(folder, '.caffe-quant'), { recursive: true });
      const runs = await Promise.all([calibrate('a', ...ONE), calibrate('b', ...OTHER), calibrate('c', ...ONE)]);
      expect(runs.map(({ status, error }) => [status, error])).toEqual([0, 0, 0].map((status) => [status, '']));
      expect(runs.map(({ out }) => out.includes('is in use by process')).filter(Boolean)).toHaveLength(1);
      expect([resultsOf('a'), resultsOf('b'), resultsOf('c')]).toEqual([one, other, one]);
    }
    expect(readdirSync(join(folder, '.caffe-quant/store/drafts'))).toEqual([]);
  });

  test('into the same folder: it has the files of one of them', async () => {
    await calibrate('one alone', ...ONE);
    await calibrate('other alone', ...OTHER);
    const whole = [resultsOf('one alone'), resultsOf('other alone')];
    await Promise.all([calibrate('both', ...ONE), calibrate('both', ...OTHER)]);
    expect(whole).toContainEqual(resultsOf('both'));
  });
});

test('a killed export leaves nothing that the next one does not clear away', async () => {
  await exportSmall('--mode', 'calibrate');
  const bytes = readFileSync(join(out(), 'small_int8.onnx'));
  rmSync(join(folder, '.caffe-quant'), { recursive: true });
  const node = ['--conditions=@caffe-quant/source', '--import', '@swc-node/register/esm-register'];
  const bin = [
    'packages/cli/src/bin.ts',
    'export',
    join(folder, 'models/small'),
    '--out',
    out(),
    '--mode',
    'calibrate',
  ];
  const child = spawn(process.execPath, [...node, ...bin], { cwd: REPOSITORY });
  const exit = once(child, 'exit');
  // Its folder is of another workspace: paths are taken from where it runs.
  const work = join(folder, 'models/small/.caffe-quant');
  const leftovers = () =>
    readdirSync(work, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tmp|\.lock/.test(name));
  child.stdout.on('data', (text: Buffer) => {
    if (text.includes('> calibrate')) setTimeout(() => child.kill('SIGKILL'), 20);
  });
  expect(await exit).toEqual([null, 'SIGKILL']);
  expect(leftovers()).toContainEqual(expect.stringMatching(/\.lock$/));
  cwd.mockReturnValue(join(folder, 'models/small'));
  expect(await run('export', '.', '--out', out(), '--mode', 'calibrate')).toMatchObject({ status: 0, error: '' });
  expect(leftovers()).toEqual([]);
  expect(readFileSync(join(out(), 'small_int8.onnx'))).toEqual(bytes);
});

test('what an export with other options has left is removed, its own stays', async () => {
  const work = () => readdirSync(join(folder, '.caffe-quant/export'));
  await exportSmall('--mode', 'calibrate');
  const before = work();
  await exportSmall('--mode', 'calibrate');
  expect(work()).toEqual(before);
  await exportSmall('--mode', 'calibrate', '--prefix', 'other');
  expect(work()).toHaveLength(1);
  expect(work()).not.toEqual(before);
});

test('where .caffe-quant cannot be written, the stages work in a temporary folder, and the results are the same', async () => {
  await exportSmall('--mode', 'calibrate');
  const names = readdirSync(out()).filter((name) => !name.endsWith('.html'));
  const bytes = names.map((name) => readFileSync(join(out(), name)));
  rmSync(join(folder, '.caffe-quant'), { recursive: true });
  rmSync(out(), { recursive: true });
  writeFileSync(join(folder, '.caffe-quant'), 'a file in the way');
  const before = readdirSync(tmpdir());
  const { status, error } = await exportSmall('--mode', 'calibrate');
  expect(status).toBe(0);
  expect(error).toMatch(
    /^warning: the stages work in a temporary folder, .*\.caffe-quant.*: it cannot be written: .*ENOTDIR/,
  );
  expect(error).toMatch(/warning: results cannot be kept for the next run, which only costs it time: .*ENOTDIR/);
  expect(names.map((name) => readFileSync(join(out(), name)))).toEqual(bytes);
  expect(readdirSync(tmpdir()).filter((name) => name.includes('caffe-quant-export.'))).toEqual(
    before.filter((name) => name.includes('caffe-quant-export.')),
  );
});

test('a target that cannot be written is told before anything is done', async () => {
  writeFileSync(out(), 'a file in the way');
  const { status, out: printed, error } = await exportSmall();
  expect([status, printed]).toEqual([1, '']);
  expect(error).toBe(
    `${out()}: error: it cannot be written: a file is where a folder should be (ENOTDIR)\n  hint: move away what is there, or name another folder with --out`,
  );
});

test('a mistake in a file is told with its line; nothing is delivered', async () => {
  const config = join(folder, 'models/small/quant.cfg');
  writeFileSync(config, readFileSync(config, 'utf8').replace('"ip3"', '"ip4"'));
  const { status, error } = await exportSmall();
  expect(status).toBe(1);
  expect(error).toContain('models/small/quant.cfg:4:14: error:');
  expect(error).not.toMatch(/\n\s+at /);
  expect(readdirSync(folder)).not.toContain('results');
});

test('a file that an option names and that is not there is told', async () => {
  const { status, error } = await exportSmall('--weights', 'none.caffemodel');
  expect(status).toBe(1);
  expect(error).toContain("there is no 'none.caffemodel', which the option weights names");
});

test('its help has every option of the stages', async () => {
  const help = (await run('export', '--help')).out;
  for (const [name, { description }] of Object.entries(OPTION_LIST)) {
    if (['outDir', 'layer', 'json'].includes(name)) continue;
    expect(help).toContain(`  --${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} `);
    expect(help.replace(/\s+/g, ' ')).toContain(description);
  }
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(125);
});
