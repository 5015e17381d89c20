import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { type Lock, type LockRequest, tryLock } from './lock-file.ts';
import { identityOf } from './process-identity.ts';

const folder = temporaryFolder();
const file = () => join(folder.path, 'work/.lock');

/** Those that a test has taken. */
const locks: Lock[] = [];
afterEach(() => locks.splice(0).forEach((lock) => lock.release()));

const attempt = (request: Partial<LockRequest> = {}) => tryLock(file(), { subject: 'project a', ...request });

function taken(request: Partial<LockRequest> = {}): Lock {
  const result = attempt(request);
  if (!('lock' in result)) throw new Error(`held by ${JSON.stringify(result.holder)}`);
  locks.push(result.lock);
  return result.lock;
}

/** A process that has ended: that of a run that was killed. */
const ended = () => ({ ...identityOf(), pid: spawnSync('true').pid });
const elsewhere = () => ({ ...identityOf(), host: 'builder7', machine: '0123456789ab' });

test('one has it until it is released, and its file says who', () => {
  const lock = taken();
  const { pid, host } = identityOf();
  expect(attempt()).toMatchObject({ holder: { subject: 'project a', owner: { pid, host } } });
  lock.release();
  expect(readdirSync(join(folder.path, 'work'))).toEqual([]);
  taken().release();
});

test('one whose owner has ended is taken over, and nothing of it is left', () => {
  taken({ owner: ended() });
  taken();
  expect(readdirSync(join(folder.path, 'work'))).toEqual(['.lock']);
});

test('one whose number another process has now is taken over', () => {
  taken({ owner: { ...identityOf(), start: 'earlier' } });
  taken();
});

test('one whose taking over was cut off is taken over', () => {
  taken({ owner: ended() });
  const { token } = JSON.parse(readFileSync(file(), 'utf8')) as { token: string };
  tryLock(`${file()}.${token}`, { owner: ended(), subject: 'takes over a lock' });
  taken();
  expect(readdirSync(join(folder.path, 'work'))).toEqual(['.lock']);
});

test('one of another machine is not taken over, whatever runs here', () => {
  taken({ owner: elsewhere() });
  expect(attempt()).toMatchObject({ holder: { owner: { host: 'builder7' } } });
});

test.each([
  ['an empty file', ''],
  ['another version', '{"version":9}'],
  ['a token that is a path', JSON.stringify({ token: '../../x', owner: identityOf(), since: '', subject: '' })],
])('one that cannot be understood is held by somebody unknown: %s', (_, text) => {
  mkdirSync(join(folder.path, 'work'));
  writeFileSync(file(), text);
  expect(attempt()).toEqual({ holder: {} });
});

test('a link to nowhere is held by somebody unknown', () => {
  mkdirSync(join(folder.path, 'work'));
  symlinkSync(join(folder.path, 'nowhere'), file());
  expect(attempt()).toEqual({ holder: {} });
});

test('a released lock leaves alone that of the next owner', () => {
  const lock = taken();
  lock.release();
  taken();
  lock.release();
  expect(attempt()).toHaveProperty('holder');
});

describe('a shared one', () => {
  const run = { owner: identityOf(process.ppid), shared: true };

  test('is had by all processes of its owner for the same subject, until one releases it', () => {
    taken(run);
    const second = taken(run);
    expect(attempt({ ...run, subject: 'project b' })).toHaveProperty('holder');
    expect(attempt()).toHaveProperty('holder');
    second.release();
    taken();
  });

  test('is free when its owner has ended', () => {
    taken({ owner: ended(), shared: true });
    taken(run);
  });
});

/** Each process takes the lock, looks whether it is alone, and gives it back, over and over; one of them is killed having it. */
const CONTENDER = `
  const { tryLock } = require(process.env.LOCK_MODULE);
  const { openSync, closeSync, rmSync } = require('node:fs');
  const [file, rounds] = process.argv.slice(1);
  let done = 0;
  const turn = () => {
    const result = tryLock(file, { subject: 'contends' });
    if (!('lock' in result)) return setTimeout(turn, Math.random() * 3);
    try {
      closeSync(openSync(file + '.alone', 'wx'));
    } catch {
      process.send('met another');
    }
    rmSync(file + '.alone', { force: true });
    if (++done >= Number(rounds)) return rounds % 2 ? process.kill(process.pid, 'SIGKILL') : (result.lock.release(), process.disconnect());
    result.lock.release();
    setTimeout(turn, Math.random() * 3);
  };
  turn();
`;

test('of many processes one alone has it, also where one that has it is killed', async () => {
  mkdirSync(join(folder.path, 'work'));
  const script = join(folder.path, 'contender.cjs');
  writeFileSync(script, CONTENDER.replace('slice(1)', 'slice(2)'));
  const met: unknown[] = [];
  const env = { ...process.env, LOCK_MODULE: join(__dirname, 'lock-file.ts') };
  const options = {
    env,
    cwd: process.cwd(),
    execArgv: ['-r', '@swc-node/register', '--conditions=@caffe-quant/source'],
  };
  const children = [30, 31, 32].map((rounds) => {
    const child = fork(script, [file(), String(rounds)], options);
    child.on('message', (message) => met.push(message));
    return once(child, 'exit');
  });
  const ends = (await Promise.all(children)) as [number | null, string | null][];
  expect(met).toEqual([]);
  expect(ends.map(([code, signal]) => signal ?? code)).toEqual([0, 'SIGKILL', 0]);
  taken().release();
  expect(readdirSync(join(folder.path, 'work'))).toEqual([]);
});
