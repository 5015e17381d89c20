import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { InstalledPackage } from './find-package.ts';
import { findEnginePackage, findPackage, isOurs } from './find-package.ts';

/**
 * Digest of the sources of packages that are linked into a workspace, as in their own repository, where they change
 * without a version; `undefined` where they are installed. The packages that they depend on count too.
 */
export function linkedSources(names: readonly string[], workspaceRoot: string): string | undefined {
  const packages = new Map<string, InstalledPackage>();
  const add = (found: InstalledPackage | undefined): void => {
    if (found === undefined || packages.has(found.name)) return;
    packages.set(found.name, found);
    for (const dependency of found.dependencies.filter(isOurs)) add(findPackage(dependency, found.folder));
  };
  for (const name of names) add(findEnginePackage(name, workspaceRoot));
  // The stages' own wiring decides results too, but not all of what it can call.
  const pipeline = findEnginePackage('@caffe-quant/pipeline', workspaceRoot);
  if (pipeline) packages.set(pipeline.name, pipeline);
  const linked = [...packages.values()].filter(({ folder }) => !folder.split(sep).includes('node_modules'));
  if (linked.length === 0) return undefined;
  const hash = createHash('sha256');
  for (const { name, folder } of linked.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\n`);
    for (const file of sourceFiles(join(folder, 'src'))) {
      const content = readFileSync(file);
      hash.update(`${relative(folder, file)} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

function sourceFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
