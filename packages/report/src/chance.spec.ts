import { describeChance, differenceInterval, halfWidths } from './chance.ts';
import type { EvaluationResult, GroupMetrics } from './report-input.ts';

/** Numbers in [0, 1), the same ones every time. */
function* random(seed: number): Generator<number> {
  for (let state = seed >>> 0; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const groupsOf = (shares: readonly number[], records = 100): GroupMetrics[] =>
  shares.map((accuracy) => ({ records, metrics: { accuracy } }));

describe('the interval of a difference', () => {
  test('that is the same in all groups has no width, however hard they are', () => {
    const [hard, easy] = [groupsOf([0.5, 0.6, 0.9, 0.8, 0.7, 0.6]), groupsOf([0.49, 0.59, 0.89, 0.79, 0.69, 0.59])];
    const interval = differenceInterval(easy, hard, 'accuracy')!;
    expect(interval.difference).toBeCloseTo(-0.01, 12);
    expect(interval.halfWidth).toBeCloseTo(0, 12);
  });

  test('by hand', () => {
    // Differences 0.02, -0.02 in turns, of six groups: t(0.975; 5) = 2.571, sqrt(6/5 * 6 * (0.02/6)^2) = 0.008944.
    const other = groupsOf([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    const model = groupsOf([0.52, 0.48, 0.52, 0.48, 0.52, 0.48]);
    expect(differenceInterval(model, other, 'accuracy')!.halfWidth).toBeCloseTo(2.571 * 0.008944, 4);
  });

  test('a smaller last group counts for less', () => {
    const other = groupsOf([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    const model = groupsOf([0.5, 0.5, 0.5, 0.5, 0.5, 1]);
    other[5]!.records = model[5]!.records = 10;
    expect(differenceInterval(model, other, 'accuracy')!.difference).toBeCloseTo(0.5 * (10 / 510), 12);
  });

  test.each([
    ['too few groups', groupsOf([1, 1, 1, 1, 1]), groupsOf([1, 1, 1, 1, 1])],
    ['other groups', groupsOf([1, 1, 1, 1, 1, 1]), groupsOf([1, 1, 1, 1, 1, 1], 50)],
    ['none', undefined, groupsOf([1, 1, 1, 1, 1, 1])],
  ])('is not known of %s', (_what, model, other) => {
    expect(differenceInterval(model, other, 'accuracy')).toBeUndefined();
  });

  test('holds the truth in about 95 % of trials', () => {
    const numbers = random(1);
    const next = () => numbers.next().value as number;
    let held = 0;
    const trials = 2000;
    for (let trial = 0; trial < trials; trial++) {
      const [model, other]: [number[], number[]] = [[], []];
      for (let group = 0; group < 12; group++) {
        let [a, b] = [0, 0];
        // Of 50 records 5 % are right in the one model alone and 3 % in the other alone: the truth is 0.02.
        for (let record = 0; record < 50; record++) {
          const draw = next();
          if (draw < 0.85) [a, b] = [a + 1, b + 1];
          else if (draw < 0.9) a++;
          else if (draw < 0.93) b++;
        }
        model.push(a / 50);
        other.push(b / 50);
      }
      const { difference, halfWidth } = differenceInterval(groupsOf(model, 50), groupsOf(other, 50), 'accuracy')!;
      if (Math.abs(difference - 0.02) <= halfWidth) held++;
    }
    expect(held / trials).toBeGreaterThan(0.93);
    expect(held / trials).toBeLessThan(0.97);
  });
});

test('half widths are of every metric that both have', () => {
  const groups = Array.from({ length: 6 }, () => ({ records: 1, metrics: { accuracy: 1, loss: 0.5 } }));
  expect(halfWidths({ metrics: { accuracy: 1, loss: 0.5, other: 1 }, groups }, { groups })).toEqual({
    accuracy: 0,
    loss: 0,
  });
  expect(halfWidths({ metrics: { accuracy: 1 } }, { groups })).toBeUndefined();
});

describe('what the differences are worth', () => {
  const evaluation = (integer: number, halfWidth: number, accuracyMetrics = ['accuracy']): EvaluationResult => ({
    ...{ records: 2000, accuracyMetrics, agreement: {}, layers: [], warnings: [] },
    models: {
      float: { metrics: { accuracy: 0.912 } },
      postTraining: { metrics: { accuracy: 0.911 }, halfWidths: { accuracy: 0.003 } },
      integer: { metrics: { accuracy: integer }, halfWidths: { accuracy: halfWidth } },
    },
  });

  test('one that is larger than chance explains is told first', () => {
    expect(describeChance(evaluation(0.9, 0.005))).toEqual([
      'Differs from float by more than chance: integer -1.20 ± 0.50 points (95 % intervals on 2,000 records).',
      'Within chance of float: post-training -0.10 ± 0.30 points (95 % intervals on 2,000 records).',
    ]);
  });

  test('none of them', () => {
    expect(describeChance(evaluation(0.913, 0.002))).toEqual([
      'Within chance of float: post-training -0.10 ± 0.30, integer +0.10 ± 0.20 points (95 % intervals on 2,000 records).',
    ]);
  });

  test('of a net without accuracy nothing is said', () => expect(describeChance(evaluation(0.9, 0.1, []))).toEqual([]));
});
