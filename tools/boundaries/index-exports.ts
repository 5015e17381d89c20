import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Names in braces, and the module that they come from: imports, re-exports, and what is taken of an `import()`. */
const NAMED = /(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s*from\s*'([^']+)'/g;
const AWAITED = /\{([^{}]*)\}\s*=\s*await import\('([^']+)'\)/g;
const STAR = /^export \* from '([^']+)'/gm;

const namesIn = (list: string): { name: string; exported: string }[] =>
  list
    .split(',')
    .map((item) => item.trim().replace(/^type\s+/, ''))
    .filter((item) => item !== '')
    .map((item) => {
      const [name = '', exported = name] = item.split(/\s+as\s+|\s*:\s*/);
      return { name, exported };
    });

/**
 * The names that an index exports one by one, those of another index that it exports whole included. Files of types and
 * generated code, which it exports whole (`export type *`), are not looked into.
 */
export function exportedNames(root: string, index: string): string[] {
  const text = readFileSync(join(root, index), 'utf8');
  const own = [...text.matchAll(NAMED)].flatMap(([, list]) => namesIn(list!).map(({ exported }) => exported));
  const starred = [...text.matchAll(STAR)].map(([, path]) => posix.join(posix.dirname(index), path!));
  return [...own, ...starred.flatMap((other) => exportedNames(root, other))];
}

/** By package, the names that files outside of it take from its index. */
export function usedNames(
  root: string,
  files: readonly string[],
  packages: ReadonlyMap<string, string>,
): Map<string, Set<string>> {
  const used = new Map([...packages.keys()].map((name) => [name, new Set<string>()]));
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, list, from] of [...text.matchAll(NAMED), ...text.matchAll(AWAITED)]) {
      const folder = packages.get(from!);
      if (folder === undefined || file.startsWith(`${folder}/`)) continue;
      for (const { name } of namesIn(list!)) used.get(from!)!.add(name);
    }
  }
  return used;
}
