import { DiagnosticsError } from 'caffe-prototxt-parser';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { draftPath } from './drafts.ts';
import { type Lock, tryLock } from './lock-file.ts';
import { type FolderLockRequest, lockFolder } from './lock-folder.ts';
import { identityOf } from './process-identity.ts';

const folder = temporaryFolder();
const path = () => join(folder.path, 'dist/a');
let printed: string[] = [];
const wait = jest.replaceProperty(process, 'env', { ...process.env });
beforeEach(() => {
  printed = [];
  process.env['CAFFE_QUANT_LOCK_WAIT'] = '0.3';
});
afterAll(() => wait.restore());

const lock = (more: Partial<FolderLockRequest> = {}) =>
  lockFolder(path(), {
    subject: 'project a',
    patient: true,
    instead: 'take another folder',
    signal: new AbortController().signal,
    print: (text) => printed.push(text),
    workspaceRoot: folder.path,
    ...more,
  });

/** The folder's lock, held by somebody else. */
function held(owner = identityOf()): Lock {
  const attempt = tryLock(join(path(), '.lock'), { owner, subject: 'project b' });
  if (!('lock' in attempt)) throw new Error('it is held already');
  return attempt.lock;
}

const refusal = async (more?: Partial<FolderLockRequest>) => {
  const error: unknown = await lock(more).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof DiagnosticsError ? error.message : error;
};

const elsewhere = () => ({ ...identityOf(), host: 'builder7', machine: '0123456789ab', pid: 77 });

test('a folder that is not there is made; what killed runs have left in it is removed', async () => {
  const { pid } = spawnSync('true');
  const busy = draftPath(path(), 'train');
  const abandoned = `${busy.replace(`-${process.pid}-`, `-${pid}-`)}.parts`;
  for (const draft of [busy, abandoned]) mkdirSync(draft, { recursive: true });
  (await lock()).release();
  expect(readdirSync(path())).toEqual([basename(busy)]);
});

test('a run of this machine is waited for, longer than the limit, and said once', async () => {
  const other = held();
  const since = performance.now();
  setTimeout(() => other.release(), 700);
  (await lock()).release();
  expect(performance.now() - since).toBeGreaterThan(690);
  expect(printed).toEqual([
    expect.stringMatching(
      `^dist/a is in use by process ${process.pid} \\(project b, since .*Z\\); waiting for it to end$`,
    ),
  ]);
});

test('without patience it is waited for up to the limit, then refused', async () => {
  const other = held();
  const message = await refusal({ patient: false });
  expect(printed).toEqual([expect.stringMatching(/waiting for it to end \(at most 0.3 seconds\)$/)]);
  expect(message).toMatch(
    /\.lock: error: another run works in dist\/a: process \d+ \(project b, since .*; waited 0.3 /,
  );
  expect(message).toContain('hint: wait for it to end, or take another folder');
  other.release();
});

test('one of another machine is refused after the limit, with the file to delete', async () => {
  held(elsewhere());
  const message = await refusal();
  expect(message).toMatch(
    /another run works in dist\/a: process 77 on builder7 \(project b, since .*\); waited 0.3 seconds/,
  );
  expect(message).toContain(`if it does not, delete ${join(path(), '.lock')}; else take another folder`);
  expect(existsSync(join(path(), '.lock'))).toBe(true);
});

test('a lock that cannot be understood is refused in the same way', async () => {
  mkdirSync(path(), { recursive: true });
  writeFileSync(join(path(), '.lock'), 'x');
  expect(await refusal()).toMatch(/a process that its lock does not name; waited 0.3 seconds for it\n.*delete /);
});

test('an interrupted wait ends at once', async () => {
  held();
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  expect(await refusal({ signal: controller.signal })).toMatchObject({ name: 'AbortError' });
});

test('a limit that is no number is refused', async () => {
  process.env['CAFFE_QUANT_LOCK_WAIT'] = 'long';
  expect(await refusal()).toContain("CAFFE_QUANT_LOCK_WAIT is 'long', which is not a number of seconds");
});
