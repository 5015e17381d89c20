import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STAGE_NAMES, STAGES } from '@caffe-quant/pipeline/graph-time';
import { OPTION_LIST, optionsTakenBy } from '@caffe-quant/pipeline/options';
import type { DataLockOptions } from './generators/data-lock/generator.ts';
import type { InitOptions } from './generators/init/generator.ts';
import type { ModelOptions } from './generators/model/generator.ts';
import type { OverrideOptions } from './generators/override/generator.ts';

/** executors.json, generators.json and migrations.json: what they name is there, and takes the options that it says. */

const PACKAGE = join(process.cwd(), 'packages/nx');
const readJson = (file: string) => JSON.parse(readFileSync(join(PACKAGE, file), 'utf8'));
const manifest = readJson('package.json');

interface Entry {
  readonly implementation?: string;
  readonly factory?: string;
  readonly schema: string;
  readonly description: string;
}
interface Schema {
  readonly properties: Record<string, { type: string; description: string }>;
  readonly required: readonly string[];
}
type Kind = 'string' | 'number' | 'integer' | 'boolean';
/** Of every option the JSON type; the compiler holds the list against the TypeScript type. */
type Kinds<T> = Readonly<Record<keyof T, Kind>>;

const { executors } = readJson(manifest.executors) as { executors: Record<string, Entry> };
const { generators } = readJson(manifest.generators) as { generators: Record<string, Entry> };

const INIT: Kinds<InitOptions> = {};
const MODEL: Kinds<ModelOptions> = {
  name: 'string',
  prototxt: 'string',
  caffemodel: 'string',
  solver: 'string',
  data: 'string',
  testData: 'string',
  mode: 'string',
  mean: 'string',
  scale: 'number',
  channelOrder: 'string',
  size: 'string',
  crop: 'integer',
  directory: 'string',
};
const OVERRIDE: Kinds<OverrideOptions> = {
  project: 'string',
  layer: 'string',
  layerType: 'string',
  clipMax: 'number',
  clipMin: 'number',
  ifmr: 'boolean',
  fixedMin: 'boolean',
  channelWise: 'boolean',
};
const DATA_LOCK: Kinds<DataLockOptions> = { project: 'string', weights: 'boolean' };

/** The options that must be given, as the types have it. */
const GENERATORS: Readonly<Record<string, { kinds: Kinds<unknown>; required: readonly string[] }>> = {
  init: { kinds: INIT, required: [] },
  model: { kinds: MODEL, required: ['name', 'caffemodel'] satisfies RequiredKey<ModelOptions>[] },
  override: { kinds: OVERRIDE, required: ['project'] satisfies RequiredKey<OverrideOptions>[] },
  'data-lock': { kinds: DATA_LOCK, required: ['project'] satisfies RequiredKey<DataLockOptions>[] },
};
type RequiredKey<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];

const source = (file: string) => `${file.replace('./dist/', 'src/')}.ts`;

function checkSchema(file: string, kinds: Readonly<Record<string, Kind>>, required: readonly string[]): void {
  const schema = readJson(file) as Schema;
  expect(schema).toMatchObject({ type: 'object', additionalProperties: false, required });
  const found = Object.entries(schema.properties);
  expect(found.map(([name, { type }]) => [name, type])).toEqual(Object.entries(kinds));
  for (const [, { description }] of found) expect(description).toMatch(/\.$/);
}

test('all that the package names is published', () => {
  expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'src']));
  const { migrations } = manifest['nx-migrations'];
  for (const file of [manifest.executors, manifest.generators, migrations].map((path: string) => path.slice(2))) {
    expect(manifest.files).toContain(file);
    expect(manifest.exports).toHaveProperty([`./${file}`], `./${file}`);
  }
});

test('there is an executor for each stage, one for the attempts of a search and one for its end', () => {
  const stages = STAGE_NAMES.map((stage) => `quantize-${stage}`);
  expect(Object.keys(executors)).toEqual([...stages, 'quantize-search', 'quantize-attempt']);
});

test.each([
  ['quantize-search', []],
  ['quantize-attempt', ['attempt']],
])('the executor %s takes the options of quantize-retrain and %j', async (name, more) => {
  const { implementation = '', schema } = executors[name]!;
  expect((await import(join(PACKAGE, source(implementation)))).default).toBeInstanceOf(Function);
  const { properties, required } = readJson(schema) as Schema;
  expect(Object.keys(properties)).toEqual([...more, ...optionsTakenBy('retrain')]);
  expect(required).toEqual(more);
});

describe.each(STAGE_NAMES)('the executor quantize-%s', (stage) => {
  const { implementation = '', schema, description } = executors[`quantize-${stage}`]!;

  test('runs its stage, with the description and the options of it', async () => {
    const code = readFileSync(join(PACKAGE, source(implementation)), 'utf8');
    expect(code).toContain(`runStageExecutor(${stage}Stage,`);
    expect((await import(join(PACKAGE, source(implementation)))).default).toBeInstanceOf(Function);
    expect(description).toBe(STAGES[stage].description);
    const { properties } = readJson(schema) as Schema;
    expect(Object.keys(properties)).toEqual(optionsTakenBy(stage));
    expect(readJson(schema).version).toBe(2);
  });
});

/** Nx's own check of options. */
const nxParams = jest.requireActual<{
  combineOptionsForExecutor(
    commandLine: object,
    configuration: undefined,
    target: { options?: object },
    schema: unknown,
    project: null,
    folder: string,
  ): Record<string, unknown>;
}>('nx/src/utils/params');

test.each<[string, object, object, object]>([
  ['an option in kebab case', { 'max-iter': 20 }, {}, { maxIter: 20 }],
  ['unknown names', { 'max-itr': 1 }, { netz: 'a' }, { 'max-itr': 1, netz: 'a' }],
  [
    'numbers that are too small, and fractions',
    { maxIter: 0 },
    { bnReestimate: 1.5 },
    { maxIter: 0, bnReestimate: 1.5 },
  ],
  [
    'other choices and patterns',
    { mode: 'x' },
    { batchNorm: 'y', prefix: 'a/b' },
    { mode: 'x', batchNorm: 'y', prefix: 'a/b' },
  ],
  [
    'other types',
    { prefix: 1 },
    { config: null, net: ['a'], deploy: {} },
    { prefix: 1, config: null, net: ['a'], deploy: {} },
  ],
  ['what has no name', { _: ['a'] }, {}, { _: ['a'] }],
])('Nx leaves to the executor: %s', (_, commandLine, options, given) => {
  const schema = readJson(executors['quantize-retrain']!.schema);
  expect(nxParams.combineOptionsForExecutor(commandLine, undefined, { options }, schema, null, '')).toEqual(given);
});

test('there is nothing but what is tested here among the generators', () => {
  expect(Object.keys(generators)).toEqual(Object.keys(GENERATORS));
});

test.each(Object.keys(GENERATORS))('the generator %s is there, and its schema agrees with its type', async (name) => {
  const { factory = '', schema, description } = generators[name]!;
  const { kinds, required } = GENERATORS[name]!;
  expect((await import(join(PACKAGE, source(factory)))).default).toBeInstanceOf(Function);
  expect(description).not.toBe('');
  checkSchema(schema, kinds as Readonly<Record<string, Kind>>, required);
});

test('the generator of models knows the modes that the stages know', () => {
  const { properties } = readJson(generators['model']!.schema);
  expect(properties.mode.enum).toEqual(OPTION_LIST.mode.choices);
});

test('the migrations are there', () => {
  const { generators: migrations } = readJson(manifest['nx-migrations'].migrations) as {
    generators: Record<string, Entry>;
  };
  for (const { implementation = '' } of Object.values(migrations)) {
    expect(existsSync(join(PACKAGE, source(implementation)))).toBe(true);
  }
});
