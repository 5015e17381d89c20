import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A package as it is installed or linked. */
export interface InstalledPackage {
  readonly name: string;
  /** Absolute, links resolved. */
  readonly folder: string;
  readonly version: string;
  readonly dependencies: readonly string[];
}

/**
 * The package that Node would load from a folder. Its folders are Node's own; `require.resolve` itself would not do: it
 * needs a `package.json` that `exports` does not hide, and remembers for good what it has found, while Nx's daemon lives on
 * when packages are installed.
 */
export function findPackage(name: string, from: string): InstalledPackage | undefined {
  const folders = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  const found = folders.find((folder) => existsSync(join(folder, name, 'package.json')));
  return found === undefined ? undefined : readPackage(realpathSync(join(found, name)));
}

/** A package of the engine, found through those that depend on it, as a strict package manager installs it. */
export function findEnginePackage(name: string, workspaceRoot: string): InstalledPackage | undefined {
  // A repository that is not JavaScript's keeps Nx and its plugins in .nx/installation.
  for (const root of [workspaceRoot, join(workspaceRoot, '.nx', 'installation')]) {
    const plugin = findPackage('@caffe-quant/nx', root);
    const pipeline = findPackage('@caffe-quant/pipeline', plugin?.folder ?? root);
    const found = pipeline && (pipeline.name === name ? pipeline : findBelow(name, pipeline));
    if (found) return found;
  }
  return undefined;
}

function findBelow(name: string, above: InstalledPackage): InstalledPackage | undefined {
  const direct = above.dependencies.includes(name) ? findPackage(name, above.folder) : undefined;
  if (direct) return direct;
  for (const dependency of above.dependencies.filter(isOurs)) {
    const next = findPackage(dependency, above.folder);
    const found = next && findBelow(name, next);
    if (found) return found;
  }
  return undefined;
}

/** Whether a package is one of this repository's. */
export function isOurs(name: string): boolean {
  return name.startsWith('@caffe-quant/') || name === 'caffe-prototxt-parser';
}

function readPackage(folder: string): InstalledPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version?: string;
    dependencies?: Record<string, string>;
  };
  const { name, version = '', dependencies = {} } = manifest;
  return { name, folder, version, dependencies: Object.keys(dependencies) };
}
