import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('the committed src/generated/ files are what proto/*.proto gives', () => {
  const run = spawnSync(process.execPath, [join(__dirname, 'generate-protos.mjs'), '--check'], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
});
