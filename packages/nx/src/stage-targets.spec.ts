import type { TargetConfiguration } from '@nx/devkit';
import { normalizeOptions } from './plugin-options.ts';
import type { PluginOptions } from './plugin-options.ts';
import { SEARCH_TARGETS } from './search-targets.ts';
import { mergeTarget, stageTargets } from './stage-targets.ts';

const targetsOf = (
  declared: Record<string, TargetConfiguration> = {},
  plugin: PluginOptions = {},
  root = 'models/lenet',
) => stageTargets({ root, plugin: normalizeOptions(plugin), declared });

test('there is one target for each stage, and those of a search', () => {
  const stages = [
    ...['fingerprint', 'resolve', 'calibrate', 'train', 'control'],
    ...['export', 'evaluate', 'report', 'retrain', 'explain'],
  ];
  expect(Object.keys(targetsOf())).toEqual([...stages.map((stage) => `quantize-${stage}`), ...SEARCH_TARGETS]);
});

test('each has an output folder of its own', () => {
  const outputs = Object.values(targetsOf()).flatMap((target) => target.outputs ?? []);
  expect(new Set(outputs).size).toBe(outputs.length);
  expect(outputs).toContain('{options.outDir}/train');
  expect(targetsOf()['quantize-train']?.options).toEqual({ outDir: 'dist/quantize/{projectName}' });
});

test('a stage depends on those whose results it reads, and on nothing else of theirs', () => {
  const train = targetsOf()['quantize-train'];
  expect(train?.dependsOn).toEqual(['quantize-fingerprint', 'quantize-resolve', 'quantize-calibrate']);
  expect(train?.inputs).toEqual([
    { dependentTasksOutputFiles: '**/fingerprint/fingerprint.json' },
    { dependentTasksOutputFiles: '**/resolve/train.json' },
    { dependentTasksOutputFiles: '**/calibrate/ranges.json' },
    { dependentTasksOutputFiles: '**/calibrate/calibrated.caffemodel' },
    { externalDependencies: ['caffe-quant:engine'] },
  ]);
});

test('the first stage always runs, and has narrow inputs for `nx affected`', () => {
  const first = targetsOf()['quantize-fingerprint'];
  expect(first?.cache).toBe(false);
  expect(first?.inputs).toEqual([
    '{projectRoot}/*.cfg',
    '{projectRoot}/*.prototxt',
    '{projectRoot}/*.caffemodel',
    '{projectRoot}/*.caffemodel.h5',
    '{projectRoot}/data.lock.json',
    '^{projectRoot}/**/!(*.md|LICENSE*)',
    { externalDependencies: [] },
  ]);
});

test('of the stages only the last one depends on thresholds', () => {
  const readers = Object.entries(targetsOf()).filter(([, { inputs }]) => JSON.stringify(inputs).includes('thresholds'));
  expect(readers.map(([name]) => name)).toEqual(['quantize-retrain', ...SEARCH_TARGETS]);
});

test('the stages that take all cores run alone', () => {
  const alone = Object.entries(targetsOf()).filter(([, { parallelism }]) => parallelism === false);
  expect(alone.map(([name]) => name)).toEqual([
    'quantize-calibrate',
    'quantize-train',
    'quantize-control',
    'quantize-evaluate',
  ]);
});

test('what is shown to people is metadata, which is in no hash', () => {
  expect(targetsOf()['quantize-train']?.metadata?.description).toMatch(/training/);
});

describe('what is declared for the top target holds for all stages', () => {
  const declared = {
    'quantize-retrain': {
      options: { config: 'a.cfg', solver: 'a.prototxt' },
      configurations: { quick: { maxIter: 5 } },
      defaultConfiguration: 'quick',
    },
    'quantize-train': { options: { solver: 'b.prototxt' }, configurations: { quick: { baseLr: 1 } } },
  };

  test.each([
    ['quantize-fingerprint', 'a.prototxt', { maxIter: 5 }],
    ['quantize-train', 'b.prototxt', { maxIter: 5, baseLr: 1 }],
    ['quantize-retrain', 'a.prototxt', { maxIter: 5 }],
  ])('%s', (name, solver, quick) => {
    const target = targetsOf(declared)[name];
    expect(target?.options).toEqual({ outDir: 'dist/quantize/{projectName}', config: 'a.cfg', solver });
    expect(target?.configurations).toEqual({ quick });
    expect(target?.defaultConfiguration).toBe('quick');
  });

  test('but not its inputs, outputs or cache', () => {
    const targets = targetsOf({ 'quantize-retrain': { cache: false, outputs: [], inputs: [], dependsOn: [] } });
    expect(targets['quantize-retrain']).toMatchObject({ cache: false, outputs: [], inputs: [], dependsOn: [] });
    expect(targets['quantize-train']).toEqual(targetsOf()['quantize-train']);
  });
});

test('files that options name are inputs wherever they may be, if inside of the workspace', () => {
  const options = {
    config: '../shared/quant.cfg',
    net: 'net/train.prototxt',
    solver: 'own.prototxt',
    weights: '/abs/w',
  };
  const inputs = targetsOf({ 'quantize-retrain': { options } })['quantize-fingerprint']?.inputs;
  expect(inputs).toEqual(
    expect.arrayContaining([
      '{workspaceRoot}/models/shared/quant.cfg',
      '{workspaceRoot}/models/lenet/net/train.prototxt',
      '{workspaceRoot}/net/train.prototxt',
    ]),
  );
  expect(JSON.stringify(inputs)).not.toMatch(/\.\.|abs/);
});

test("the plugin's options rename targets, set defaults and add sources", () => {
  const targets = targetsOf(
    { quantize: { options: { prefix: 'p' } } },
    {
      targetNames: { retrain: 'quantize' },
      options: { compat: 'amct', prefix: 'q' },
      engineSources: ['{workspaceRoot}/x'],
    },
  );
  expect(targets).not.toHaveProperty('quantize-retrain');
  expect(targets['quantize']?.executor).toBe('@caffe-quant/nx:quantize-retrain');
  expect(targets['quantize-train']?.options).toMatchObject({ compat: 'amct', prefix: 'p' });
  expect(targets['quantize-train']?.inputs).toContain('{workspaceRoot}/x');
});

describe('mergeTarget', () => {
  const generated = { executor: 'a:b', options: { x: 1, y: 2 }, cache: true };

  test('takes options one by one', () => {
    expect(mergeTarget(generated, { options: { y: 3 } })).toEqual({ ...generated, options: { x: 1, y: 3 } });
  });

  test('leaves a target of another executor as it is declared', () => {
    expect(mergeTarget(generated, { executor: 'c:d' })).toEqual({ executor: 'c:d' });
  });
});
