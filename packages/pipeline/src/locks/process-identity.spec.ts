import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { identityFromName, identityName, identityOf, isSameProcess, lifeOf } from './process-identity.ts';

test('a process is the same whenever it is asked for, also by its name in a file', () => {
  const own = identityOf();
  expect(own.pid).toBe(process.pid);
  expect(isSameProcess(own, identityOf())).toBe(true);
  expect(isSameProcess(own, identityFromName(identityName(own)))).toBe(true);
  expect(lifeOf(identityFromName(identityName(own)))).toBe('running');
});

test('another process is seen to run, and to have ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  const identity = identityOf(child.pid);
  expect(isSameProcess(identity, identityOf())).toBe(false);
  expect(lifeOf(identity)).toBe('running');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(lifeOf(identity)).toBe('ended');
});

test('of a number that another process has now, the earlier one has ended', () => {
  const own = identityOf();
  expect(lifeOf({ ...own, start: `${own.start.slice(0, -1)}x` })).toBe('ended');
});

test('where the system did not tell the start, the number alone counts', () => {
  expect(lifeOf({ ...identityOf(), start: '' })).toBe('running');
});

test.each(['000000000000', 'ffffffffffff'])('nothing is known of a process of the machine %s', (machine) => {
  const { pid = 0 } = spawnSync('true');
  expect(lifeOf({ ...identityOf(pid), machine })).toBe('unknown');
  expect(lifeOf({ ...identityOf(), machine })).toBe('unknown');
});
