import { CPU_FALLBACKS, LAYER_KERNELS } from '@caffe-quant/kernels';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkGoldens, type GoldenResult } from './check-goldens.ts';
import { EXCUSED_CASES } from './excused-cases.ts';

const FIXTURES = join(__dirname, '../../kernels/fixtures/goldens');
const folder = mkdtempSync(join(tmpdir(), 'goldens-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function resultsOf(path: string): Promise<GoldenResult[]> {
  const results: GoldenResult[] = [];
  for await (const result of checkGoldens(path)) results.push(result);
  return results;
}

/** A folder with copies of some sets, each changed. */
function copyOf(name: string, set: string, change: (json: { cases: Record<string, unknown>[] }) => unknown): string {
  const target = join(folder, name);
  mkdirSync(target);
  const json = JSON.parse(readFileSync(join(FIXTURES, `${set}.json`), 'utf8')) as { bin: string; cases: [] };
  const changed = change(json);
  writeFileSync(join(target, 'set.json'), typeof changed === 'string' ? changed : JSON.stringify(changed ?? json));
  copyFileSync(join(FIXTURES, `${set}.bin`), join(target, json.bin));
  return target;
}

test('every set of the fixtures but what no kernel computes passes', async () => {
  const results = await resultsOf(FIXTURES);
  const failed = results.filter(({ set, name, outcome }) => {
    const type = set.replace('layers/', '');
    const isWithoutKernel = set.startsWith('layers/') && !LAYER_KERNELS.has(type) && !CPU_FALLBACKS.has(type);
    return outcome !== 'passed' && !isWithoutKernel && name !== 'conv3d_k2';
  });
  expect(failed).toEqual([]);
  expect(results.length).toBeGreaterThan(200);
  expect(results.filter(({ outcome }) => outcome === 'skipped')).toEqual([]);
});

test('docs/numerics.md has a line for each case that float32 cannot meet, or says that there is none', () => {
  const text = readFileSync(join(__dirname, '../../../docs/numerics.md'), 'utf8');
  for (const { layer, reason } of EXCUSED_CASES) expect(text).toMatch(new RegExp(`\\| ${layer}[^\\n]*${reason}`));
  expect(text.includes('No case is excused.')).toBe(EXCUSED_CASES.length === 0);
});

describe('what is not a sound case fails', () => {
  test.each([
    ['no cases', (json: { cases: unknown[] }) => ({ ...json, cases: [], count: 0 }), 'it has no cases'],
    ['no list', () => ({ set: 'arq' }), 'it has no list of cases'],
    ['broken JSON', () => '{ "cases": [', /^it cannot be read: /],
    ['another number of cases', (json: object) => ({ ...json, count: 3 }), /announces 3 cases and has \d+/],
    ['a short binary file', (json: object) => ({ ...json, binBytes: 9 }), /has \d+ bytes, 9 are announced/],
    ['an unknown set', (json: object) => ({ ...json, set: 'riddles' }), "there is no check for the set 'riddles'"],
  ] as const)('%s', async (name, change, message) => {
    const results = await resultsOf(copyOf(name, 'arq', change as never));
    const expected: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(results).toEqual([{ set: 'set', name: '', outcome: 'failed', message: expected }]);
  });

  test.each([
    ['an empty case', () => ({}), 'the case is empty'],
    ['a tensor that is not there', (golden: object) => ({ ...golden, w: undefined }), 'a tensor is missing'],
    [
      'a tensor beyond the file',
      (golden: object) => ({ ...golden, w: { dtype: 'f32', shape: [8, 3, 3, 3], off: 1e9 } }),
      'a tensor reaches beyond arq.bin',
    ],
  ] as const)('%s', async (name, change, message) => {
    const [first, ...others] = await resultsOf(
      copyOf(name, 'arq', (json) => void (json.cases[0] = change(json.cases[0]!) as Record<string, unknown>)),
    );
    expect(first).toMatchObject({ outcome: 'failed', message });
    expect(others.every(({ outcome }) => outcome === 'passed')).toBe(true);
  });

  test('numbers that differ, with how far', async () => {
    const path = copyOf('differ', 'clipcheck', (json) => void (json.cases[0]!['o'] = [9, -3, 3, -3]));
    const [first] = await resultsOf(path);
    expect(first).toEqual({
      set: 'set',
      name: 'case 0',
      outcome: 'failed',
      worst: { what: 'range', error: 6, limit: 0 },
      kind: 'clipcheck',
    });
  });

  test('a layer of a type without a kernel', async () => {
    const path = copyOf('no-kernel', 'layers/AbsVal', (json) => {
      for (const golden of json.cases) golden['layer'] = 'layer { name: "l" type: "Riddle" bottom: "b0" top: "t0" }';
    });
    const [first] = await resultsOf(path);
    expect(first).toMatchObject({ outcome: 'failed', message: 'there is no kernel for Riddle' });
  });
});

test('a folder that is not there', async () => {
  await expect(resultsOf(join(folder, 'none'))).rejects.toThrow('is not a folder');
});

const SHARED = join(process.cwd(), '../shared/goldens/trajectory');
(existsSync(SHARED) ? test : test.skip)('trajectories of LeNet follow AMCT (skipped without ../shared)', async () => {
  const target = join(folder, 'trajectory');
  mkdirSync(target);
  for (const set of ['start', 'data', 'ifmr_fixm_noisy', 'ifmr_gpu_clean']) {
    for (const ending of ['json', 'bin'])
      copyFileSync(join(SHARED, `${set}.${ending}`), join(target, `${set}.${ending}`));
  }
  expect((await resultsOf(target)).map(({ name, outcome }) => [name, outcome])).toEqual([
    ['ifmr_fixm_noisy', 'passed'],
    ['ifmr_gpu_clean', 'skipped'],
  ]);
});
