import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Diagnostic, DiagnosticsError } from 'caffe-prototxt-parser';
import { draftPath } from '../locks/drafts.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { StageStore } from './stage-store.ts';

const folder = temporaryFolder();
const warned: Diagnostic[] = [];
beforeEach(() => void (warned.length = 0));

const storeWith = (limit = 1e9, bypass = false) =>
  new StageStore(join(folder.path, 'store'), {
    ...{ limit, bypass, workspaceRoot: folder.path },
    warn: (diagnostics) => warned.push(...diagnostics),
  });

const put = (store: StageStore, key: unknown, text: string, replace?: boolean) =>
  store.put(
    key,
    async (draft) => {
      await mkdir(join(draft, 'sub'));
      await writeFile(join(draft, 'sub/result.txt'), text);
    },
    replace,
  );

let restores = 0;
async function get(store: StageStore, key: unknown): Promise<string | undefined> {
  const into = join(folder.path, `out${restores++}`);
  return (await store.restore(key, into)) ? readFile(join(into, 'sub/result.txt'), 'utf8') : undefined;
}

/** The entry that is kept: its folder. */
function entryFolder(): string {
  const store = join(folder.path, 'store');
  const shard = readdirSync(store).find((name) => name.length === 2) ?? '';
  return join(store, shard, readdirSync(join(store, shard))[0] ?? '');
}

test('gives back what was put, in another process too', async () => {
  await put(storeWith(), { a: 1 }, 'first');
  expect(await get(storeWith(), { a: 1 })).toBe('first');
});

test('tells keys apart by their values, not by the order of their members', async () => {
  const store = storeWith();
  await put(store, { a: 1, b: [2] }, 'first');
  expect(await get(store, { b: [2], a: 1 })).toBe('first');
  expect(await get(store, { a: 1, b: [3] })).toBeUndefined();
});

test('keeps what is there, unless told to replace it', async () => {
  const store = storeWith();
  await put(store, 'key', 'first');
  await put(store, 'key', 'second');
  expect(await get(store, 'key')).toBe('first');
  await put(store, 'key', 'third', true);
  expect(await get(store, 'key')).toBe('third');
});

test('gives nothing out when bypassed, and takes the new result', async () => {
  await put(storeWith(), 'key', 'old');
  const bypassed = storeWith(1e9, true);
  expect(await get(bypassed, 'key')).toBeUndefined();
  await put(bypassed, 'key', 'new');
  expect(await get(storeWith(), 'key')).toBe('new');
});

test('forgets on demand', async () => {
  const store = storeWith();
  await put(store, 'key', 'text');
  await store.forget('key');
  await store.forget('another');
  expect(await get(store, 'key')).toBeUndefined();
});

describe('an entry that does not hold is a miss, and gone', () => {
  test.each<[string, (entry: string) => void]>([
    ['a changed file', (entry) => writeFileSync(join(entry, 'files/sub/result.txt'), 'texT')],
    ['a shortened file', (entry) => writeFileSync(join(entry, 'files/sub/result.txt'), 'te')],
    ['a missing file', (entry) => rmSync(join(entry, 'files/sub/result.txt'))],
    ['a manifest that is not JSON', (entry) => writeFileSync(join(entry, 'manifest.json'), '{')],
    [
      'a manifest of another version',
      (entry) => writeFileSync(join(entry, 'manifest.json'), '{"version":2,"files":[]}'),
    ],
    [
      'a manifest that points outside',
      (entry) => {
        const manifest = readFileSync(join(entry, 'manifest.json'), 'utf8');
        writeFileSync(join(entry, 'manifest.json'), manifest.replace('sub/result.txt', '../../../secret'));
      },
    ],
    ['no manifest', (entry) => rmSync(join(entry, 'manifest.json'))],
  ])('%s', async (_, damage) => {
    const store = storeWith();
    await put(store, 'key', 'text');
    damage(entryFolder());
    expect(await get(store, 'key')).toBeUndefined();
    await put(store, 'key', 'again');
    expect(await get(store, 'key')).toBe('again');
  });
});

describe('a store that cannot be written', () => {
  test('is no error: nothing is kept, and it is said once, with the place', async () => {
    const store = storeWith();
    writeFileSync(join(folder.path, 'store'), 'a file in the way');
    await put(store, 'key', 'text');
    await put(store, 'other', 'text');
    expect(await get(store, 'key')).toBeUndefined();
    await store.forget('key');
    await store.clear();
    expect(warned).toEqual([
      {
        code: 'store-unwritable',
        severity: 'warning',
        message: expect.stringMatching(/^results cannot be kept .* which only costs it time: .*store.* \(ENOTDIR\)$/),
        hint: 'move away what is there',
      },
    ]);
  });

  test('what cannot be written into the stage’s own folder is an error, with the space that it takes', async () => {
    const store = storeWith();
    await put(store, 'key', 'text');
    writeFileSync(join(folder.path, 'into'), '');
    const [problem] = await store.restore('key', join(folder.path, 'into')).then(
      () => [],
      (error: unknown) => (error as DiagnosticsError).diagnostics,
    );
    expect(problem).toMatchObject({ code: 'not-writable', severity: 'error', file: join(folder.path, 'into/sub') });
  });
});

test('what killed processes were about to keep is removed, what running ones are is not', async () => {
  const store = storeWith();
  await put(store, 'key', 'text');
  const drafts = join(folder.path, 'store/drafts');
  const { pid = 0 } = spawnSync('true');
  const running = draftPath(drafts, 'entry');
  const abandoned = running.replace(`-${process.pid}-`, `-${pid}-`);
  for (const draft of [running, abandoned]) await mkdir(join(draft, 'files'), { recursive: true });
  await store.clear();
  expect(readdirSync(drafts)).toEqual([basename(running)]);
});

test('a failed write leaves nothing behind', async () => {
  const store = storeWith();
  const failing = store.put('key', async (draft) => {
    await writeFile(join(draft, 'half'), 'x');
    throw new Error('no space');
  });
  await expect(failing).rejects.toThrow('no space');
  expect(await get(store, 'key')).toBeUndefined();
  expect(readdirSync(join(folder.path, 'store/drafts'))).toEqual([]);
});

describe('the size limit', () => {
  const use = (key: string, secondsAgo: number) => {
    for (const shard of readdirSync(join(folder.path, 'store')).filter((name) => name.length === 2)) {
      for (const entry of readdirSync(join(folder.path, 'store', shard))) {
        const manifest = join(folder.path, 'store', shard, entry, 'manifest.json');
        const when = Date.now() / 1000 - secondsAgo;
        if (readFileSync(manifest, 'utf8').includes(`"key": "${key}"`)) utimesSync(manifest, when, when);
      }
    }
  };

  test('makes the entries go that were used longest ago', async () => {
    const store = storeWith(250);
    await put(store, 'a', 'a'.repeat(100));
    use('a', 300);
    await put(store, 'b', 'b'.repeat(100));
    use('b', 200);
    await get(store, 'a');
    await put(store, 'c', 'c'.repeat(100));
    expect(await get(store, 'b')).toBeUndefined();
    expect(await get(store, 'a')).toBe('a'.repeat(100));
    expect(await get(store, 'c')).toBe('c'.repeat(100));
  });

  test('keeps out what is larger than all of it', async () => {
    const store = storeWith(250);
    await put(store, 'a', 'a'.repeat(100));
    await put(store, 'huge', 'x'.repeat(300));
    expect(await get(store, 'huge')).toBeUndefined();
    expect(await get(store, 'a')).toBe('a'.repeat(100));
  });
});

test('many writers and readers at once never see half an entry', async () => {
  const stores = [storeWith(), storeWith(), storeWith()];
  const text = 'x'.repeat(100_000);
  const seen: (string | undefined)[] = [];
  await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const store = stores[index % stores.length] ?? storeWith();
      if (index % 2 === 0) await put(store, 'key', text, index % 4 === 0);
      else seen.push(await get(store, 'key'));
    }),
  );
  for (const result of seen) expect([undefined, text]).toContain(result);
  expect(await get(storeWith(), 'key')).toBe(text);
});
