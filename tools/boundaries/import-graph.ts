import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import ts from 'typescript';

/** Which files of this repository each of its files imports, types included; paths are relative to the root, with `/`. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

const SOURCE = /(?<!\.d)\.(ts|mts|cts|mjs|cjs|js)$/;
const NOT_SOURCES = new Set(['node_modules', 'dist', 'fixtures']);

/** All source files under some folders, of this repository. */
export function sourceFiles(root: string, folders: readonly string[]): string[] {
  const within = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : within(`${folder}/${entry.name}`);
      return SOURCE.test(entry.name) ? [`${folder}/${entry.name}`] : [];
    });
  return folders.flatMap(within);
}

/** @param entryOf the file that a package's name, or a path into it, stands for; `undefined` for what is not ours */
export function importGraph(
  root: string,
  files: readonly string[],
  entryOf: (specifier: string) => string | undefined,
): ImportGraph {
  return new Map(
    files.map((file) => {
      // It finds type-only imports, `import()` and `import()` in types too.
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
      const imported = importedFiles.map(({ fileName }) =>
        fileName.startsWith('.') ? relativeTo(file, fileName) : entryOf(fileName),
      );
      return [file, [...new Set(imported.filter((each) => each !== undefined))]];
    }),
  );
}

const relativeTo = (file: string, specifier: string): string =>
  resolve('/', dirname(file), specifier).slice(1).split(sep).join('/');

/** What the names of this repository's packages stand for, from the `paths` of a tsconfig. */
export function packageEntries(root: string, tsconfig: string): (specifier: string) => string | undefined {
  const { config } = ts.readConfigFile(join(root, tsconfig), ts.sys.readFile) as {
    config: { compilerOptions: { paths: Record<string, [string]> } };
  };
  const patterns = Object.entries(config.compilerOptions.paths).map(([pattern, [path]]) => {
    const [before = '', after] = pattern.split('*');
    return { before, after, path: path.replace(/^\.\//, '') };
  });
  return (specifier) => {
    for (const { before, after, path } of patterns) {
      if (after === undefined ? specifier === before : specifier.startsWith(before) && specifier.endsWith(after)) {
        return path.replaceAll('*', specifier.slice(before.length, specifier.length - (after?.length ?? 0)));
      }
    }
    return undefined;
  };
}

/**
 * The groups of files that import each other, directly or by way of others: the strongly connected components of more than
 * one file, and files that import themselves (Tarjan 1972, "Depth-first search and linear graph algorithms").
 */
export function importCircles(graph: ImportGraph): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    open.push(file);
    const imported = graph.get(file) ?? [];
    for (const other of imported) {
      if (!order.has(other)) visit(other);
      if (open.includes(other)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(other)!));
    }
    if (lowest.get(file) !== own) return;
    const group = open.splice(open.indexOf(file));
    if (group.length > 1 || imported.includes(file)) circles.push(group.sort());
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}
