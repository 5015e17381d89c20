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
