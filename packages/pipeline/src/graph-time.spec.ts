import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { STAGE_NAMES } from './stage-declaration.ts';

const PACKAGES = join(process.cwd(), 'packages');
const ALIASES: Readonly<Record<string, string>> = {
  '@caffe-quant/pipeline/graph-time': 'pipeline/src/graph-time.ts',
  '@caffe-quant/kernels/numerics-version': 'kernels/src/numerics-version.ts',
};

/** All modules that loading one of ours loads: files of ours, and names of packages. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm,
  )) {
    const alias = ALIASES[name];
    if (name.startsWith('.')) loadedBy(join(dirname(file), name), seen);
    else if (alias !== undefined) loadedBy(join(PACKAGES, alias), seen);
    else seen.add(name);
  }
  return seen;
}

test('what Nx loads on every command has neither engine nor parsers in it', () => {
  const loaded = [...loadedBy(join(PACKAGES, 'nx/src/plugin.ts'))];
  const packages = loaded.filter((name) => !name.startsWith(PACKAGES) && !name.startsWith('node:'));
  // Nx itself loads it.
  expect(packages.filter((name) => name !== 'jsonc-parser')).toEqual([]);
  expect(loaded.map((file) => relative(PACKAGES, file))).toContain('pipeline/src/stage-list.ts');
  // Besides the declaration of each stage.
  const others = loaded.filter((file) => !file.endsWith('/declaration.ts'));
  expect(loaded.length - others.length).toBe(STAGE_NAMES.length);
  expect(others.length).toBeLessThanOrEqual(22);
});
