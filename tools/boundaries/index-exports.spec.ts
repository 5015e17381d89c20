import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportedNames, usedNames } from './index-exports.ts';
import { sourceFiles } from './import-graph.ts';

const root = join(__dirname, '../..');
const folders = readdirSync(join(root, 'packages')).map((folder) => `packages/${folder}`);
const packages = new Map(
  folders.map((folder) => {
    const { name } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { name: string };
    return [name, folder];
  }),
);
const used = usedNames(root, sourceFiles(root, ['packages', 'tools', 'e2e', 'findings']), packages);

/** A library for anybody: the types of its functions' parameters and results are exported too. */
const LIBRARIES = ['caffe-prototxt-parser'];
/** What is there for Nx and for programs that run this one. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  '@caffe-quant/nx': ['createNodes', 'PluginOptions'],
  'caffe-quant': ['runCli', 'Output'],
};

it.each([...packages])(
  'the index of %s exports what others use, or its README tells of, and no more',
  (name, folder) => {
    const index = `${folder}/src/index.ts`;
    const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
    const text = readFileSync(join(root, index), 'utf8');
    const types = LIBRARIES.includes(name)
      ? [...text.matchAll(/export type \{([^}]*)\}/g)].map(([, list]) => list).join()
      : '';
    const isKnown = (exported: string): boolean =>
      used.get(name)!.has(exported) ||
      new RegExp(`\\b${exported}\\b`).test(`${readme} ${types}`) ||
      (ENTRIES[name] ?? []).includes(exported);
    expect(exportedNames(root, index).filter((exported) => !isKnown(exported))).toEqual([]);
  },
);

it('sees what an index exports by another one, and what is taken of an import()', () => {
  expect(exportedNames(root, 'packages/pipeline/src/index.ts')).toContain('addOverride');
  expect(used.get('@caffe-quant/goldens')).toContain('checkGoldens');
});
