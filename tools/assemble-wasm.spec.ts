import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('the committed WebAssembly is what its text gives', () => {
  const run = spawnSync(process.execPath, [join(__dirname, 'assemble-wasm.mjs'), '--check'], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
});
