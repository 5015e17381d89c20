import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestFile } from './digest-file.ts';
import { diagnosticsOf } from './testing/diagnostics-of.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('digestFile', () => {
  it.each(['', 'abc', 'x'.repeat(3_000_000)])('is the sha256 of the content', async (text) => {
    const file = join(folder.path, 'file');
    writeFileSync(file, text);
    expect(await digestFile(file, { cacheDir: false })).toEqual({
      sha256: sha256(text),
      size: text.length,
      isPointer: false,
    });
  });

  it('of a Git LFS pointer is what the pointer stands for', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256('a')}\nsize 1\n`);
    expect(await digestFile(file, { cacheDir: false })).toEqual({ sha256: sha256('a'), size: 1, isPointer: true });
  });

  it('names a file that cannot be read', async () => {
    const file = join(folder.path, 'none');
    expect(await diagnosticsOf(() => digestFile(file, { cacheDir: false }))).toEqual([
      { code: 'data-unreadable', severity: 'error', file, message: 'no such file' },
    ]);
    mkdirSync(file);
    expect((await diagnosticsOf(() => digestFile(file, { cacheDir: false })))[0]!.code).toBe('data-unreadable');
  });
});

describe('the memo', () => {
  const memoOf = () => join(folder.path, 'cache', 'digests');
  const digest = () => digestFile(join(folder.path, 'file'), { cacheDir: join(folder.path, 'cache') });

  it('does not hold files changed a moment ago', async () => {
    writeFileSync(join(folder.path, 'file'), 'abc');
    await digest();
    expect(existsSync(memoOf())).toBe(false);
  });

  describe('of a file that has been as it is for a while', () => {
    beforeEach(async () => {
      writeFileSync(join(folder.path, 'file'), 'abc');
      // The change time cannot be set: let the clock go on instead.
      const later = Date.now() + 10_000;
      jest.spyOn(Date, 'now').mockReturnValue(later);
      await digest();
    });
    afterEach(() => jest.restoreAllMocks());

    const memo = () => join(memoOf(), readdirSync(memoOf())[0]!);

    it('gives the digest without reading the file', async () => {
      expect(readdirSync(memoOf()).length).toBe(1);
      writeFileSync(memo(), readFileSync(memo(), 'utf8').replace(sha256('abc'), sha256('planted')));
      expect((await digest()).sha256).toBe(sha256('planted'));
    });

    it('does not outlive a change that keeps size and modification time', async () => {
      writeFileSync(join(folder.path, 'file'), 'xyz');
      utimesSync(join(folder.path, 'file'), 1, 1);
      await digest();
      writeFileSync(join(folder.path, 'file'), 'abd');
      utimesSync(join(folder.path, 'file'), 1, 1);
      expect((await digest()).sha256).toBe(sha256('abd'));
    });

    it('tells too which check a file stood: it is not made again, another one is', async () => {
      const run = jest.fn(async () => undefined);
      const checked = (name: string) =>
        digestFile(join(folder.path, 'file'), { cacheDir: join(folder.path, 'cache') }, { name, run });
      // Known without a check, then with it, then with another.
      const counts = [];
      for (const name of ['one', 'one', 'two', 'two']) {
        expect((await checked(name)).sha256).toBe(sha256('abc'));
        counts.push(run.mock.calls.length);
      }
      expect(counts).toEqual([1, 1, 2, 2]);
      run.mockRejectedValue(new Error('damaged'));
      for (let time = 0; time < 2; time++) await expect(checked('three')).rejects.toThrow('damaged');
      expect((await digest()).sha256).toBe(sha256('abc'));
    });

    it.each(['', '{}', 'null', '{"sha256":1}'])('is not believed where it is damaged: %s', async (content) => {
      writeFileSync(memo(), content);
      expect((await digest()).sha256).toBe(sha256('abc'));
    });
  });

  it('is under CAFFE_QUANT_CACHE_DIR where that is set, and is not an error where it cannot be written', async () => {
    writeFileSync(join(folder.path, 'file'), 'abc');
    writeFileSync(join(folder.path, 'cache'), 'a file where the folder should be');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
    const before = process.env['CAFFE_QUANT_CACHE_DIR'];
    try {
      expect((await digest()).sha256).toBe(sha256('abc'));
      process.env['CAFFE_QUANT_CACHE_DIR'] = join(folder.path, 'mine');
      await digestFile(join(folder.path, 'file'));
      expect(readdirSync(join(folder.path, 'mine', 'digests')).length).toBe(1);
    } finally {
      if (before === undefined) delete process.env['CAFFE_QUANT_CACHE_DIR'];
      else process.env['CAFFE_QUANT_CACHE_DIR'] = before;
      jest.restoreAllMocks();
    }
  });
});
