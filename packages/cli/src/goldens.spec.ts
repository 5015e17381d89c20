import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from './testing/run.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const HEAD = { set: 'lr', bin: 'lr.bin', binBytes: 0 };
const RATES = { name: 'fixed', solver: 'base_lr: 0.5 lr_policy: "fixed"', lr: [0.5, 0.5] };

function writeSet(name: string, cases: unknown[]): string {
  folder.write(`${name}/lr.bin`, '');
  folder.write(`${name}/lr.json`, JSON.stringify({ ...HEAD, count: cases.length, cases }));
  return join(folder.path, name);
}

test('a set that passes: its worst error and the count', async () => {
  expect(await run('goldens', writeSet('good', [RATES]))).toEqual({
    status: 0,
    out: 'lr: 1 of 1 passed, worst: lr 0 (limit 3.0e-7) in fixed\n1 passed, 0 failed, 0 skipped',
    error: '',
  });
});

test('each case that fails, with its error', async () => {
  const { status, out } = await run('goldens', writeSet('bad', [RATES, { ...RATES, name: 'other', lr: [0.25] }, {}]));
  expect(status).toBe(1);
  expect(out).toBe(
    [
      'failed: lr other: lr 1.0e+0 (limit 3.0e-7)',
      'failed: lr case 2: the case is empty',
      'lr: 1 of 3 passed, worst: lr 1.0e+0 (limit 3.0e-7) in other',
      '1 passed, 2 failed, 0 skipped',
    ].join('\n'),
  );
});

test('a folder without goldens is not success', async () => {
  folder.write('empty/readme.txt', '');
  const { status, error } = await run('goldens', join(folder.path, 'empty'));
  expect(status).toBe(1);
  expect(error).toContain('holds no golden sets');
});

test('a device that is not there is told once, in our words, and no case is tried on it', () => {
  const bin = join(__dirname, 'bin.ts');
  const node = ['--conditions=@caffe-quant/source', '--import', '@swc-node/register/esm-register', bin];
  const goldens = spawnSync(process.execPath, [...node, 'goldens', writeSet('good', [RATES]), '--device', 'cuda'], {
    encoding: 'utf8',
  });
  // Where there is one.
  if (goldens.status === 0) return;
  const said =
    /^error: the device 'cuda' cannot be used with the installed onnxruntime-node on this machine: .*\n {2}hint: .*\n$/;
  expect(goldens).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(said) });
});
