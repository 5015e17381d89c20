import { join } from 'node:path';
import { importCircles, importGraph, packageEntries, sourceFiles } from './import-graph.ts';

const root = join(__dirname, '../..');
const graph = importGraph(
  root,
  sourceFiles(root, ['packages', 'tools', 'e2e', 'findings']),
  packageEntries(root, 'tsconfig.base.json'),
);

it('no files of this repository import each other in a circle, types included', () => {
  expect(importCircles(graph)).toEqual([]);
});

const BUILT_OR_DATA = /\/dist\/|\.json$/;

it('every import leads to a file that was looked at', () => {
  const missing = [...graph].flatMap(([file, imported]) =>
    imported.filter((other) => !graph.has(other) && !BUILT_OR_DATA.test(other)).map((other) => `${file}: ${other}`),
  );
  expect(missing).toEqual([]);
});

it.each<[what: string, imports: Record<string, string[]>, circles: string[][]]>([
  ['a chain', { a: ['b'], b: ['c'], c: [] }, []],
  ['two ways to one file', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
  ['a file outside', { a: ['elsewhere'] }, []],
  ['two files', { a: ['b'], b: ['a'] }, [['a', 'b']]],
  ['a file that imports itself', { a: ['a'] }, [['a']]],
  ['a circle behind a chain', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, [['b', 'c', 'd']]],
  [
    'two circles, one of which imports the other',
    { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] },
    [
      ['c', 'd'],
      ['a', 'b'],
    ],
  ],
])('circles of %s', (_, imports, circles) => {
  expect(importCircles(new Map(Object.entries(imports)))).toEqual(circles);
});

it('sees an import of a type, a re-export, an import() and an import() in a type', () => {
  const files = ['tools/boundaries/fixtures/imports.ts'];
  expect(importGraph(root, files, packageEntries(root, 'tsconfig.base.json')).get(files[0]!)).toEqual([
    'tools/boundaries/import-graph.ts',
    'packages/config/src/index.ts',
    'packages/pipeline/src/stages/train/stage.ts',
    'tools/held-against/draw.ts',
  ]);
});
