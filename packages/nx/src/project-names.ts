import { posix } from 'node:path';

/**
 * Names for project folders that nothing else names: the folder's own name, or its path with dashes where two folders have
 * the same one, since a name that is there twice ends every Nx command.
 *
 * @param roots from the workspace root, with `/`
 * @param taken names that are in use elsewhere
 * @returns by root
 */
export function projectNames(roots: readonly string[], taken: ReadonlySet<string>): Map<string, string> {
  const count = new Map<string, number>();
  for (const root of roots) count.set(shortName(root), (count.get(shortName(root)) ?? 0) + 1);
  const names = new Map<string, string>();
  const used = new Set(taken);
  for (const root of [...roots].sort()) {
    const short = shortName(root);
    const base = count.get(short) === 1 && !used.has(short) ? short : root.replaceAll('/', '-');
    let name = base;
    for (let i = 2; used.has(name); i++) name = `${base}-${i}`;
    used.add(name);
    names.set(root, name);
  }
  return names;
}

function shortName(root: string): string {
  return root === '.' ? 'root' : posix.basename(root);
}
