import type { CreateNodesContext, ProjectConfiguration } from '@nx/devkit';
import { createNodes } from './create-nodes.ts';
import type { PluginOptions } from './plugin-options.ts';
import { temporaryWorkspace } from './testing/temporary-workspace.ts';

const workspace = temporaryWorkspace();

const model = (root: string) => ({ [`${root}/quant.cfg`]: '', [`${root}/train_val.prototxt`]: '' });

/** What the plugin makes of the files, merged as Nx does it: later results win. */
async function nodes(files: Record<string, unknown>, options: PluginOptions = {}) {
  const names = workspace.write(files);
  const matched = names
    .filter((name) => name === 'workspace.json' || /(^|\/)(quant\.cfg|project\.json|package\.json)$/.test(name))
    .sort();
  const context = { workspaceRoot: workspace.path, nxJsonConfiguration: {} } as CreateNodesContext;
  const results = await createNodes[1](matched, options, context);
  const projects: Record<string, Partial<ProjectConfiguration>> = {};
  for (const [, result] of results) Object.assign(projects, result.projects);
  return { results, projects, names: Object.fromEntries(Object.entries(projects).map(([root, p]) => [root, p.name])) };
}

describe('model projects are found', () => {
  test('where a quant.cfg lies beside a prototxt', async () => {
    const { names } = await nodes({ ...model('models/lenet'), 'docs/quant.cfg': '', 'zoo/net.prototxt': '' });
    expect(names).toEqual({ 'models/lenet': 'lenet' });
  });

  test('at the root, and inside of one another', async () => {
    const { names } = await nodes({
      'quant.cfg': '',
      'net.prototxt': '',
      ...model('models/a'),
      ...model('models/a/b'),
    });
    expect(names).toEqual({ '.': 'root', 'models/a': 'a', 'models/a/b': 'b' });
  });

  test('by their paths where two folders have one name', async () => {
    const { names } = await nodes({ ...model('a/lenet'), ...model('b/lenet'), ...model('c/vgg') });
    expect(names).toEqual({ 'a/lenet': 'a-lenet', 'b/lenet': 'b-lenet', 'c/vgg': 'vgg' });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['project.json', { 'apps/x/project.json': { name: 'lenet' } }, 'models-lenet'],
    ['project.json that says none', { 'apps/lenet/project.json': {} }, 'models-lenet'],
    [
      'package.json of a workspace',
      { 'package.json': { workspaces: ['libs/*'] }, 'libs/x/package.json': { name: 'lenet' } },
      'models-lenet',
    ],
    ['package.json that makes no project', { 'package.json': {}, 'libs/x/package.json': { name: 'lenet' } }, 'lenet'],
    ['the root package.json', { 'package.json': { name: 'lenet', workspaces: [] } }, 'lenet'],
  ])('by their paths where another project has the name: %s', async (_, files, name) => {
    expect((await nodes({ ...model('models/lenet'), ...files })).names).toEqual({ 'models/lenet': name });
  });

  test('without a name where project.json or package.json gives one', async () => {
    const { names } = await nodes({
      ...model('a'),
      'a/project.json': { name: 'x' },
      ...model('b'),
      'b/package.json': { name: '@s/y' },
      ...model('c'),
      'c/package.json': '{ not json',
    });
    expect(names).toEqual({ a: undefined, b: undefined, c: 'c' });
  });
});

describe('workspace.json', () => {
  test('lists projects by path or with their targets, and any project at all', async () => {
    const { projects } = await nodes({
      ...model('models/lenet'),
      'libs/a/README.md': '',
      'workspace.json': {
        version: 2,
        projects: { net: 'models/lenet', a: { root: 'libs/a', targets: { build: { executor: 'x:y' } }, tags: ['t'] } },
      },
    });
    expect(projects['models/lenet']?.name).toBe('net');
    expect(projects['models/lenet']?.targets).toHaveProperty('quantize-retrain');
    expect(projects['libs/a']).toEqual({
      name: 'a',
      root: 'libs/a',
      targets: { build: { executor: 'x:y' } },
      tags: ['t'],
    });
  });

  test('makes a model project of one without a quant.cfg, if it declares a stage', async () => {
    const retrain = { executor: '@caffe-quant/nx:quantize-retrain', options: { config: '../shared.cfg' } };
    const { projects } = await nodes({
      'models/a/net.prototxt': '',
      'workspace.json': { projects: { a: { root: 'models/a', targets: { 'quantize-retrain': retrain } } } },
    });
    const targets = projects['models/a']?.targets ?? {};
    expect(targets['quantize-train']?.options).toMatchObject({ config: '../shared.cfg' });
    expect(targets['quantize-fingerprint']?.inputs).toContain('{workspaceRoot}/models/shared.cfg');
  });

  test('is an input of its projects: their own entry, or all of it where the name has a dot', async () => {
    const { projects } = await nodes({
      ...model('a'),
      ...model('b'),
      ...model('c'),
      'workspace.json': { projects: { 'vgg16.v2': 'a', '@s/b': 'b' } },
    });
    const inputs = (root: string) => projects[root]?.targets?.['quantize-train']?.inputs;
    expect(inputs('a')).toContain('{workspaceRoot}/workspace.json');
    expect(inputs('b')).toContainEqual({ json: '{workspaceRoot}/workspace.json', fields: ['projects.@s/b'] });
    expect(JSON.stringify(inputs('c'))).not.toContain('workspace.json');
  });

  test('keeps its names from being given to other folders', async () => {
    const { names } = await nodes({
      ...model('a/lenet'),
      ...model('b/other'),
      'workspace.json': { projects: { lenet: 'b/other' } },
    });
    expect(names).toEqual({ 'a/lenet': 'a-lenet', 'b/other': 'lenet' });
  });

  describe('never throws, and tells on stderr', () => {
    const shown: string[] = [];
    beforeEach(() => {
      shown.length = 0;
      jest.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
    });
    afterEach(() => jest.restoreAllMocks());

    test('of a file that is not JSON; the other projects are found', async () => {
      const { names } = await nodes({ ...model('models/lenet'), 'workspace.json': '{\n  "projects": {' });
      expect(names).toEqual({ 'models/lenet': 'lenet' });
      expect(shown.join('')).toContain('workspace.json:2:16: error: the file is not JSON');
    });

    test('of a project whose folder is not there; it is left out', async () => {
      const { names } = await nodes({ ...model('a'), 'workspace.json': { projects: { a: 'a', gone: 'models/gone' } } });
      expect(names).toEqual({ a: 'a' });
      expect(shown.join('')).toContain("the project 'gone' should be in models/gone");
    });

    test.each([
      ['[]'],
      ['{"projects": []}'],
      ['{"projects": {"a": 1, "b": {"root": "../b"}, "c": {"root": "/c"}}}'],
      ['""'],
    ])('of %s', async (text) => {
      expect((await nodes({ 'workspace.json': text })).projects).toEqual({});
      expect(shown.join('')).toContain('workspace.json: error:');
    });
  });
});

test('the engine is a node of the graph, whatever the project', async () => {
  const { results } = await nodes({ ...model('a'), ...model('b') });
  const external = Object.assign({}, ...results.map(([, result]) => result.externalNodes ?? {}));
  expect(Object.keys(external)).toEqual(['caffe-quant:engine', 'caffe-quant:packages']);
  expect(external['caffe-quant:engine'].data.hash).toMatch(/^numerics \d+, onnxruntime /);
});

test('project.json says for all stages what it says for the top one', async () => {
  const { projects } = await nodes({
    ...model('a'),
    'a/project.json': { targets: { 'quantize-retrain': { options: { dataRoot: '/data' } } } },
  });
  expect(projects['a']?.targets?.['quantize-fingerprint']?.options).toMatchObject({ dataRoot: '/data' });
});

test.each([
  { targets: null },
  { targets: { 'quantize-retrain': null } },
  { targets: { 'quantize-retrain': { options: null, configurations: null } } },
  { targets: { 'quantize-retrain': { options: { config: 1 }, configurations: { quick: null } } } },
  { targets: { 'quantize-train': 'x' } },
  { targets: { 'quantize-train': { executor: 1, inputs: 1, configurations: ['x'] } } },
])('a project of the wrong types throws nothing: %j', async (config) => {
  const { projects } = await nodes({
    ...model('a'),
    'a/project.json': config,
    ...model('b'),
    'workspace.json': { projects: { b: { root: 'b', ...config } } },
  });
  expect(Object.keys(projects)).toEqual(['a', 'b']);
});
