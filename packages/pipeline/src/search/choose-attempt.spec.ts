import { readFileSync } from 'node:fs';
import { ATTEMPT_NAMES, ATTEMPTS } from './attempt-list.ts';
import type { AttemptResult, Measurement, Recipe } from './attempt-result.ts';
import { bestAttempt, chooseAttempt, measuredAttempts, type SearchState } from './choose-attempt.ts';

const CONFIG = { text: 'skip_layers: "x"\n', file: 'quant.cfg' };
const GOAL = { metric: 'accuracy', amount: 1, unit: 'points' } as const;
/** The float net has 90 %, so that 89 % holds. */
const FLOAT = 0.9;

interface Tried {
  accuracy: number;
  recipe?: Partial<Recipe>;
  measurement?: Partial<Measurement>;
}

const candidates = (count: number) => Array.from({ length: count }, (_, i) => ({ layers: [`l${i}`], sensitivity: i }));

function measured({ accuracy, recipe = {}, measurement = {} }: Tried): AttemptResult {
  return {
    outcome: 'measured',
    recipe: { options: { mode: 'calibrate' }, floatLayers: [], ...recipe },
    measurement: {
      ...{ records: 100, accuracyMetrics: ['accuracy'], candidates: candidates(40), measuredRanges: 5 },
      models: { float: { metrics: { accuracy: FLOAT } }, integer: { metrics: { accuracy } } },
      ...{ batches: 2, iterations: 0 },
      ...measurement,
    },
  };
}

const stateOf = (tried: Record<string, Tried>, more: Partial<SearchState> = {}): SearchState => ({
  results: new Map(Object.entries(tried).map(([name, each]) => [name, measured(each)])),
  goals: [GOAL],
  maxFloatLayers: undefined,
  config: CONFIG,
  training: { mode: 'retrain', iterations: 100 },
  ...more,
});

const choose = (name: string, tried: Record<string, Tried>, more: Partial<SearchState> = {}) =>
  chooseAttempt(name, stateOf(tried, more));
const recipe = (name: string, tried: Record<string, Tried>, more: Partial<SearchState> = {}) => {
  const choice = choose(name, tried, more);
  if ('passed' in choice) throw new Error(choice.passed);
  return choice.recipe;
};

const bad: Tried = { accuracy: 0.8 };
const good: Tried = { accuracy: 0.895 };
const left = (count: number, accuracy: number): Tried => ({
  accuracy,
  recipe: { floatLayers: candidates(count).flatMap(({ layers }) => layers) },
});

test('the first attempt is calibration with the project as it is', () => {
  const first = chooseAttempt('calibrated', { ...stateOf({}), goals: [] });
  expect(first).toEqual({ recipe: { options: { mode: 'calibrate' }, floatLayers: [] } });
});

test.each(ATTEMPT_NAMES.slice(1))('where calibration holds, %s is not tried', (name) => {
  expect(choose(name, { calibrated: good })).toEqual({ passed: 'calibrated holds' });
});

describe('options of calibration', () => {
  test('more batches are a multiple of those that there were', () => {
    expect(recipe('more-batches', { calibrated: bad }).config).toBe('skip_layers: "x"\nbatch_num: 16\n');
  });

  test('what changes measured ranges alone is of no use where the config gives them all', () => {
    const given: Tried = { ...bad, measurement: { measuredRanges: 0 } };
    expect(choose('more-batches', { calibrated: given })).toEqual({
      passed: 'the config gives every range, so that none is measured',
    });
  });
});

describe('what is combined', () => {
  const more: Record<string, Tried> = {
    calibrated: bad,
    percentile: { accuracy: 0.82 },
    mse: { accuracy: 0.84 },
    kl: { accuracy: 0.7 },
    equalized: { accuracy: 0.79 },
    'bias-corrected': { accuracy: 0.81 },
  };

  test('is all that helped, of what excludes each other the best', () => {
    expect(recipe('combined', more).options).toEqual({
      mode: 'calibrate',
      calibrationMethod: 'mse',
      biasCorrection: true,
    });
  });

  test('is not one thing alone', () => {
    expect(choose('combined', { calibrated: bad, mse: { accuracy: 0.84 }, kl: { accuracy: 0.81 } })).toEqual({
      passed: 'mse alone helped',
    });
    expect(choose('combined', { calibrated: bad, mse: bad })).toEqual({
      passed: 'nothing helped that could be combined',
    });
  });
});

describe('layers left float', () => {
  test('are those that cost most, from the best calibration', () => {
    const better: Tried = { accuracy: 0.85, recipe: { config: 'batch_num: 9\n' } };
    const { config, floatLayers } = recipe('float-2', { calibrated: bad, 'more-batches': better });
    expect(floatLayers).toEqual(['l0', 'l1']);
    expect(config).toBe('batch_num: 9\nskip_layers: "l0"\nskip_layers: "l1"\n');
  });

  test('are at most a quarter, or what thresholds.json says', () => {
    const few: Tried = { ...bad, measurement: { candidates: candidates(13) } };
    expect(recipe('float-4', { calibrated: few }).floatLayers).toHaveLength(3);
    expect(choose('float-8', { calibrated: few })).toEqual({ passed: 'at most 3 layers may be left float' });
    expect(recipe('float-8', { calibrated: few }, { maxFloatLayers: 7 }).floatLayers).toHaveLength(7);
    expect(choose('float-1', { calibrated: few }, { maxFloatLayers: 0 })).toEqual({
      passed: 'no layer may be left float',
    });
  });

  test('that share their weights are left float only together', () => {
    const shared: Tried = {
      ...bad,
      measurement: { candidates: [{ layers: ['a', 'b'] }, ...candidates(20)] },
    };
    expect(choose('float-1', { calibrated: shared })).toEqual({
      passed: 'the next layers share their weights, and can be left float only together',
    });
    expect(recipe('float-2', { calibrated: shared }).floatLayers).toEqual(['a', 'b']);
  });
});

describe('fewer float layers', () => {
  const ladder = { calibrated: bad, 'float-1': left(1, 0.82), 'float-2': left(2, 0.83) };

  test.each<[string, Record<string, Tried>, number | string]>([
    ['fewer-1', { ...ladder, 'float-4': left(4, 0.895) }, 3],
    ['fewer-1', { ...ladder, 'float-4': left(4, 0.85), 'float-8': left(8, 0.895) }, 6],
    ['fewer-2', { ...ladder, 'float-4': left(4, 0.85), 'float-8': left(8, 0.895), 'fewer-1': left(6, 0.89) }, 5],
    ['fewer-2', { ...ladder, 'float-4': left(4, 0.85), 'float-8': left(8, 0.895), 'fewer-1': left(6, 0.85) }, 7],
    ['fewer-1', { calibrated: bad, 'float-1': left(1, 0.895), 'float-2': left(2, 0.9) }, '1 is the fewest that holds'],
    ['fewer-1', { ...ladder, 'float-2': left(2, 0.895) }, '2 is the fewest that holds'],
    ['fewer-1', ladder, 'no float layers were enough'],
  ])('%s after %j: %p', (name, tried, expected) => {
    const choice = choose(name, tried);
    expect('passed' in choice ? choice.passed : choice.recipe.floatLayers.length).toBe(expected);
  });

  test('where some hold, training is not tried', () => {
    expect(choose('trained-tenth', { ...ladder, 'float-4': left(4, 0.895) })).toEqual({ passed: 'float-4 holds' });
  });
});

describe('training', () => {
  test.each([
    ['trained-tenth', 10],
    ['trained-third', 33],
    ['trained-whole', 100],
  ])('%s takes %i of 100 iterations, all layers quantized', (name, iterations) => {
    expect(recipe(name, { calibrated: bad, 'float-1': left(1, 0.85) })).toEqual({
      options: { mode: 'retrain', maxIter: iterations },
      floatLayers: [],
    });
  });

  test('of no more iterations than a shorter one is not tried', () => {
    const one: Tried = { ...bad, measurement: { iterations: 1 } };
    const more = { training: { mode: 'distill', iterations: 2 } } as const;
    expect(choose('trained-third', { calibrated: bad, 'trained-tenth': one }, more)).toEqual({
      passed: 'trained-tenth has as many iterations',
    });
  });

  test('is not tried where the project trains nothing', () => {
    expect(choose('trained-tenth', { calibrated: bad }, { training: undefined })).toEqual({
      passed: 'with mode: calibrate the project trains nothing',
    });
  });
});

test.each<[string, Record<string, Tried>, string]>([
  ['calibration before float layers', { calibrated: good, 'float-1': left(1, 0.9) }, 'calibrated'],
  ['few float layers before more', { 'float-4': left(4, 0.9), 'fewer-1': left(3, 0.89) }, 'fewer-1'],
  [
    'float layers before training',
    { 'float-1': left(1, 0.89), 'trained-tenth': { ...good, measurement: { iterations: 10 } } },
    'float-1',
  ],
  ['where none holds, the nearest', { calibrated: bad, 'float-1': left(1, 0.85), 'float-2': left(2, 0.84) }, 'float-1'],
])('the best is %s', (_, tried, name) => {
  expect(bestAttempt(measuredAttempts(stateOf(tried)))?.name).toBe(name);
});

test('what was refused or not tried is passed over', () => {
  const results = new Map<string, AttemptResult>([
    ['calibrated', measured(bad)],
    ['more-batches', { outcome: 'passed', reason: '' }],
    ['float-1', { outcome: 'refused', recipe: { options: {}, floatLayers: ['a'] }, reason: '' }],
  ]);
  expect(measuredAttempts({ results, goals: [GOAL] }).map(({ name }) => name)).toEqual(['calibrated']);
});

test.each(ATTEMPT_NAMES.filter((name) => !['calibrated', 'combined'].includes(name)))(
  '%s, where all attempts before it were refused, starts from the config alone or is not tried',
  (name) => {
    const refused: AttemptResult = {
      outcome: 'refused',
      recipe: { options: { mode: 'calibrate' }, floatLayers: [] },
      reason: 'the values are too large',
    };
    const results = new Map(ATTEMPT_NAMES.slice(0, ATTEMPT_NAMES.indexOf(name)).map((each) => [each, refused]));
    const choice = chooseAttempt(name, { ...stateOf({}), results, goals: [] });
    const { change } = ATTEMPTS.get(name)!;
    const isPlain = change.kind === 'calibrate' && change.batches === undefined;
    if (isPlain) expect(choice).toMatchObject({ recipe: { floatLayers: [] } });
    else expect(choice).toEqual({ passed: expect.stringMatching(/^no (attempt before it|float layers)/) as string });
  },
);

test('every attempt of the table can be chosen after the first', () => {
  for (const name of [...ATTEMPTS.keys()].slice(1)) expect(() => choose(name, { calibrated: bad })).not.toThrow();
});

test('docs/search.md tells of every attempt', () => {
  const text = readFileSync('docs/search.md', 'utf8');
  for (const name of ATTEMPT_NAMES) expect(text).toContain(`\`${name}\``);
});
