import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheServer } from './support/cache-server.ts';
import { READ_TOKEN, startCacheServer, WRITE_TOKEN } from './support/cache-server.ts';
import { ALL_STAGES } from './support/stages-of.ts';
import { TemporaryWorkspace } from './support/temporary-workspace.ts';

/** Clones that share results through a server of Nx's self-hosted cache protocol, and nothing else. */

const RESULTS = 'dist/quantize/model/retrain';
const CACHED = ALL_STAGES.slice(1);

let server: CacheServer;
let first: TemporaryWorkspace;
let clone: TemporaryWorkspace;

beforeAll(async () => {
  server = await startCacheServer();
  [first, clone] = [new TemporaryWorkspace(), new TemporaryWorkspace()];
  for (const [repository, token] of [
    [first, WRITE_TOKEN],
    [clone, READ_TOKEN],
  ] as const) {
    repository.edit('workspace.json', '"config": "quant.cfg"', '"config": "quant.cfg", "maxIter": 2');
    repository.environment['NX_SELF_HOSTED_REMOTE_CACHE_SERVER'] = server.url;
    repository.environment['NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN'] = token;
  }
  clone.remove('models/data');
  const run = await first.nx('run', 'model:quantize-retrain');
  expect(run).toMatchObject({ status: 0, cached: [] });
});
afterAll(async () => {
  first.remove();
  clone.remove();
  await server.close();
});

test('what is computed is put on the server', () => {
  expect(server.answers.filter((answer) => answer === 'PUT 200')).toHaveLength(CACHED.length);
  expect(server.entries.size).toBe(CACHED.length);
});

test('a clone without the data gets every result without training, with a token that may only read', async () => {
  server.answers.length = 0;
  const { status, ran, cached, output } = await clone.nx('run', 'model:quantize-retrain');
  expect({ status, ran, cached }).toEqual({ status: 0, ran: ['fingerprint'], cached: CACHED });
  expect(output.match(/\[remote cache\]/g)).toHaveLength(CACHED.length);
  expect(server.answers).toEqual(CACHED.map(() => 'GET 200'));
  expect(clone.contents(RESULTS)).toEqual(first.contents(RESULTS));
});

test('a token that may only read leaves the server as it is, and the run succeeds', async () => {
  clone.edit('models/model/quant.cfg', '# global', '# Global');
  const { status, ran } = await clone.nx('run', 'model:quantize-resolve');
  expect({ status, ran }).toEqual({ status: 0, ran: ['fingerprint', 'resolve'] });
  expect(server.answers.at(-1)).toBe('PUT 403');
  expect(server.entries.size).toBe(CACHED.length);
});

test('an outage fails the run, unless the check of docs/ci.md has found it', async () => {
  expect(await healthCheck()).toBe('');
  await server.close();
  clone.edit('models/model/quant.cfg', '# Global', '# GLOBAL');
  expect(await clone.nx('run', 'model:quantize-resolve')).toMatchObject({ status: 1 });
  const found = await healthCheck();
  expect(found).toBe('NX_SKIP_REMOTE_CACHE=true\n');
  clone.environment['NX_SKIP_REMOTE_CACHE'] = 'true';
  expect(await clone.nx('run', 'model:quantize-retrain')).toMatchObject({ status: 0 });
});

/** Runs the workflow's check. @returns what it adds to the environment of the steps behind it */
function healthCheck(): Promise<string> {
  const [, script = ''] =
    /- name: Is the cache server there\?\n +run: \|\n((?: {10}.*\n)+)/.exec(readFileSync('docs/ci.md', 'utf8')) ?? [];
  expect(script).toContain('curl');
  clone.write('github-env', '');
  const env = { ...process.env, ...clone.environment, GITHUB_ENV: join(clone.path, 'github-env') };
  return new Promise((resolve, reject) => {
    execFile('bash', ['-e', '-c', script], { env }, (error) =>
      error ? reject(error) : resolve(clone.read('github-env')),
    );
  });
}
