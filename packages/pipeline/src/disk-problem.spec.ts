import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskProblem, formatBytes, namingTheDisk } from './disk-problem.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const out = () => join(folder.path, 'dist/.train.tmp');
const writing = () => ({ folder: out(), shown: join(folder.path, 'dist/train'), workspaceRoot: folder.path });

const systemError = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more });

beforeEach(() => {
  mkdirSync(out(), { recursive: true });
  writeFileSync(join(out(), 'weights.bin'), 'half');
});

test('a full disk: the file that was being written, under its later name, the space, and what may be deleted', () => {
  mkdirSync(join(folder.path, '.caffe-quant/store/ab'), { recursive: true });
  writeFileSync(join(folder.path, '.caffe-quant/store/ab/entry'), Buffer.alloc(2500));
  expect(diskProblem(systemError('ENOSPC'), { ...writing(), needed: 1_250_000 })).toEqual({
    code: 'disk-full',
    severity: 'error',
    file: join(folder.path, 'dist/train/weights.bin'),
    message: expect.stringMatching(/^the disk is full: 1\.3 MB are needed, [\d.]+ \w+ are free$/),
    hint: `make room on the disk of ${join(folder.path, 'dist')}; ${join(folder.path, '.caffe-quant/store')} has 2.5 kB and may be deleted, which costs only time`,
  });
});

test.each([
  ['EACCES', 'permission denied', 'let this user write into '],
  ['EPERM', 'not permitted', 'let this user write into '],
  ['EROFS', 'the file system is read-only', 'mount it to be written'],
])('%s: it cannot be written: %s', (code, reason, hint) => {
  const problem = diskProblem(systemError(code, { path: join(out(), 'x') }), { ...writing(), instead: 'go elsewhere' });
  expect(problem).toMatchObject({
    code: 'not-writable',
    file: join(folder.path, 'dist/train/x'),
    message: `it cannot be written: ${reason} (${code})`,
  });
  expect(problem?.hint).toMatch(new RegExp(`^${hint}.*, or go elsewhere$`));
});

test('a file of somewhere else cannot be read', () => {
  const path = join(folder.path, 'models/quant.cfg');
  expect(diskProblem(systemError('EACCES', { path }), writing())).toEqual({
    code: 'not-readable',
    severity: 'error',
    file: path,
    message: 'it cannot be read: permission denied (EACCES)',
  });
});

test('real ones: a file where a folder should be', async () => {
  const path = join(out(), 'weights.bin/sub');
  for (const work of [() => mkdir(path, { recursive: true }), () => writeFile(path, '')]) {
    const message =
      /weights\.bin.*: error: it cannot be written: a file is .* \((ENOTDIR|EEXIST)\)\n {2}hint: move away/;
    await expect(namingTheDisk(writing(), work as () => Promise<unknown>)).rejects.toThrow(message);
  }
});

test('any other error is none of the disk, and stays', async () => {
  const error = systemError('ENOENT', { syscall: 'open' });
  expect(diskProblem(error, writing())).toBeUndefined();
  expect(diskProblem(new TypeError('a bug'), writing())).toBeUndefined();
  await expect(namingTheDisk(writing(), () => Promise.reject(error))).rejects.toBe(error);
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [45_100, '45.1 kB'],
  [2_500_000_000, '2.5 GB'],
])('%d is shown as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
