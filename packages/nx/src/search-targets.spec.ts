import { ATTEMPT_NAMES, attemptsJustBefore, LADDER } from '@caffe-quant/pipeline/graph-time';
import { normalizeOptions } from './plugin-options.ts';
import { SEARCH_TARGETS, searchTargets } from './search-targets.ts';
import { stageTargets } from './stage-targets.ts';

const targets = searchTargets(normalizeOptions(undefined), []);
const target = (name: string) => targets[`quantize-search${name && `-${name}`}`]!;

test('there is a cached target for each attempt, and one for the end', () => {
  expect(Object.keys(targets)).toEqual(SEARCH_TARGETS);
  for (const { cache, parallelism } of Object.values(targets)) {
    expect(cache).toBe(true);
    // Attempts of one rung may run at the same time.
    expect(parallelism).toBeUndefined();
  }
});

test('the first attempt depends on the fingerprint, the others on the rung before theirs, the end on the last rung', () => {
  expect(target('calibrated').dependsOn).toEqual(['quantize-fingerprint']);
  for (const name of ATTEMPT_NAMES.slice(1)) {
    const before = attemptsJustBefore(name).map((attempt) => `quantize-search-${attempt}`);
    expect(before).not.toEqual([]);
    expect(target(name).dependsOn).toEqual(before);
  }
  expect(target('').dependsOn).toEqual(Object.keys(LADDER.at(-1)!).map((name) => `quantize-search-${name}`));
});

test('an attempt follows from the project, its data, the thresholds and the results of all rungs before', () => {
  const ofProject = [
    ...['fingerprint', 'options', 'sources'].map((name) => ({
      dependentTasksOutputFiles: `**/fingerprint/${name}.json`,
      transitive: true,
    })),
    '{projectRoot}/thresholds.json',
    { externalDependencies: ['caffe-quant:engine', 'caffe-quant:packages'] },
  ];
  expect(target('calibrated').inputs).toEqual(ofProject);
  const results = { dependentTasksOutputFiles: '**/search-attempts/*/attempt.json', transitive: true };
  expect(target('float-1').inputs).toEqual([results, ...ofProject]);
  expect(target('').inputs).toEqual([results, ...ofProject]);
});

test('each has a folder of its own', () => {
  const outputs = Object.values(targets).flatMap((each) => each.outputs ?? []);
  expect(new Set(outputs).size).toBe(SEARCH_TARGETS.length);
  expect(outputs).toContain('{options.outDir}/search-attempts/float-1');
});

test('options and configurations of quantize-retrain hold for the search, and its own stay', () => {
  const declared = {
    'quantize-retrain': { options: { config: 'a.cfg' }, configurations: { tight: { config: 'b.cfg' } } },
    'quantize-search': { options: { dataRoot: 'data' } },
  };
  const merged = stageTargets({ root: 'm', plugin: normalizeOptions(undefined), declared });
  expect(merged['quantize-search-float-1']).toMatchObject({
    options: { attempt: 'float-1', config: 'a.cfg' },
    configurations: { tight: { config: 'b.cfg' } },
  });
  expect(merged['quantize-search']?.options).toEqual({
    outDir: 'dist/quantize/{projectName}',
    config: 'a.cfg',
    dataRoot: 'data',
  });
});
