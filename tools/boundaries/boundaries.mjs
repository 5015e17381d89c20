/**
 * Module boundaries, for eslint: the drawing in CONTRIBUTING.md. A package imports what its package.json lists as a
 * dependency, by name and through its index (or an entry of LIGHT_ENTRIES), never around it; dependencies point downwards
 * only, which npm itself would not check.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import boundaries from 'eslint-plugin-boundaries';

/** From the bottom up. */
export const ORDER = [
  'caffe-prototxt-parser',
  'config',
  'caffe-io',
  'kernels',
  'goldens',
  'resolver',
  'deploy',
  'report',
  'pipeline',
  'nx',
  'cli',
];

const INDEX = 'src/index.ts';

/**
 * Entries besides the index, by package: they let the Nx plugin build its graph, and each executor do its work, without
 * loading engine and parsers that it has no use for.
 */
const LIGHT_ENTRIES = {
  kernels: ['src/devices.ts', 'src/layer-types.ts', 'src/numerics-version.ts'],
  pipeline: [
    'src/graph-time.ts',
    'src/options/index.ts',
    'src/run-all.ts',
    'src/search/index.ts',
    'src/stages/*/stage.ts',
  ],
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifestOf = (folder) => JSON.parse(readFileSync(resolve(root, 'packages', folder, 'package.json'), 'utf8'));
const unlisted = readdirSync(resolve(root, 'packages')).filter((folder) => !ORDER.includes(folder));
if (unlisted.length > 0) throw new Error(`packages missing from the order in tools/boundaries: ${unlisted}`);
const folders = new Map(ORDER.map((folder) => [manifestOf(folder).name, folder]));

const nameOf = (folder) => manifestOf(folder).name;

/** What one package may import: its dependencies' entries, npm packages that it lists, and Node's own modules. */
function policiesOf(folder, rank) {
  const { dependencies = {}, peerDependencies = {} } = manifestOf(folder);
  const listed = Object.keys({ ...dependencies, ...peerDependencies });
  const below = listed.map((name) => folders.get(name)).filter((other) => other !== undefined);
  const upwards = below.filter((other) => ORDER.indexOf(other) >= rank);
  if (upwards.length > 0) throw new Error(`packages/${folder} depends upwards on ${upwards}`);
  const foreign = listed.filter((name) => !folders.has(name));
  const from = { element: { type: folder } };
  const entries = below.map((other) => ({
    to: { element: { type: other, fileInternalPath: [INDEX, ...(LIGHT_ENTRIES[other] ?? [])] } },
    // By name: a path would lead to the same file here, and nowhere in an installed package.
    dependency: { source: [nameOf(other), `${nameOf(other)}/**`] },
  }));
  return [
    { from, allow: entries },
    { from, allow: { to: { module: { origin: 'core' } } } },
    ...(foreign.length > 0 ? [{ from, allow: { to: { module: { origin: 'external', source: foreign } } } }] : []),
  ];
}

export default [
  {
    files: ORDER.map((folder) => `packages/${folder}/src/**/*.ts`),
    ignores: ['**/*.spec.ts', '**/testing/**'],
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': root,
      'boundaries/elements': ORDER.map((type) => ({ type, pattern: `packages/${type}`, partialMatch: false })),
      'boundaries/dependency-nodes': ['import', 'require', 'dynamic-import', 'export'],
      'import/resolver': { [fileURLToPath(new URL('resolve-module.cjs', import.meta.url))]: {} },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          checkAllOrigins: true,
          checkUnknownLocals: true,
          message:
            'A package imports what its package.json lists, by name, through the index; and only packages under it in the order of tools/boundaries.',
          policies: ORDER.flatMap(policiesOf),
        },
      ],
    },
  },
];
