import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPTION_LIST } from '@caffe-quant/pipeline/options';
import { smallProject } from '../../pipeline/src/testing/small-project.ts';
import { run } from './testing/run.ts';

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
    expect(help).toContain(`  --${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <`);
    expect(help.replace(/\s+/g, ' ')).toContain(description);
  }
  for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(125);
});
