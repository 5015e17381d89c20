import { readdirSync, readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/**
 * Module boundaries. A package may import what its package.json lists as a dependency, by name and through
 * the index, never around it; dependencies point downwards only, which `npm` itself would not check.
 */
const ORDER = [
  'caffe-prototxt-parser',
  'config',
  'caffe-io',
  'resolver',
  'kernels',
  'deploy',
  'report',
  'pipeline',
  'nx',
  'cli',
];
/**
 * Subpaths that may be imported: they let the Nx plugin build its graph, and each executor do its work, without loading
 * engine and parsers that it has no use for.
 */
const LIGHT_PATHS = [
  '@caffe-quant/kernels/numerics-version',
  '@caffe-quant/pipeline/graph-time',
  '@caffe-quant/pipeline/stages',
  '@caffe-quant/pipeline/stages/*',
];
const manifest = (folder) =>
  JSON.parse(readFileSync(new URL(`packages/${folder}/package.json`, import.meta.url), 'utf8'));
const unlisted = readdirSync(new URL('packages', import.meta.url)).filter((f) => !ORDER.includes(f));
if (unlisted.length) throw new Error(`packages missing from the order in eslint.config.js: ${unlisted}`);
const nameOf = Object.fromEntries(ORDER.map((folder) => [folder, manifest(folder).name]));

const boundaries = ORDER.map((folder, rank) => {
  const allowed = new Set(Object.keys(manifest(folder).dependencies ?? {}));
  const upwards = ORDER.slice(rank + 1).filter((other) => allowed.has(nameOf[other]));
  if (upwards.length) throw new Error(`packages/${folder} depends upwards on ${upwards}`);
  const forbidden = Object.values(nameOf).filter((name) => name !== nameOf[folder] && !allowed.has(name));
  return {
    files: [`packages/${folder}/**/*.ts`],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: forbidden.map((name) => ({
            name,
            message: `packages/${folder} does not list ${name} as a dependency.`,
          })),
          patterns: [
            {
              group: ['@caffe-quant/*/*', 'caffe-prototxt-parser/*', ...LIGHT_PATHS.map((subpath) => `!${subpath}`)],
              message: 'Import a package through its index.',
            },
            { group: ['../../../*', '**/packages/*'], message: 'A relative import must stay inside its package.' },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/src/generated/**', '.nx/**', '**/fixtures/**'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['tools/**', '**/*.spec.ts'], rules: { 'no-console': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  ...boundaries,
);
