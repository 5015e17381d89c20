import { accuracyGoals, type AccuracyLimit, describeGoal, goalResults, holds, worstOf } from './accuracy-goal.ts';

const limit = (amount: number, unit: AccuracyLimit['unit'], metric?: string): AccuracyLimit => ({
  ...{ amount, unit, file: 'thresholds.json', line: 2, column: 3 },
  ...(metric !== undefined && { metric }),
});

const DETECTOR = {
  names: ['top1', 'boxes mAP', 'loss', 'a SQNR dB', 'b SQNR dB', 'odd'],
  accuracyMetrics: ['top1', 'boxes mAP'],
  better: { top1: 'higher', 'boxes mAP': 'higher', loss: 'lower', 'a SQNR dB': 'higher', 'b SQNR dB': 'higher' },
} as const;
const known = { ...DETECTOR, accuracyMetrics: [...DETECTOR.accuracyMetrics] };

test.each<[string, AccuracyLimit, string[]]>([
  ['points: the first share', limit(1, 'points'), ['top1']],
  ['AP: the first mean average precision', limit(1, 'AP'), ['boxes mAP']],
  ['dB: every output', limit(30, 'dB'), ['a SQNR dB', 'b SQNR dB']],
  ['%: the first loss', limit(1, '%'), ['loss']],
  ['points of a metric by its name', limit(1, 'points', 'boxes mAP'), ['boxes mAP']],
])('%s', (_, given, metrics) => {
  expect(accuracyGoals([given], known).map(({ metric }) => metric)).toEqual(metrics);
});

test.each<[AccuracyLimit, string]>([
  [
    limit(1, 'points', 'top2'),
    "thresholds.json:2:3: error: the net has no metric 'top2'\n  hint: did you mean 'top1'?",
  ],
  [limit(1, 'points', 'zzzzzzzz'), "hint: it has 'top1', 'boxes mAP', 'loss'"],
  [limit(1, 'points', 'loss'), "the metric 'loss' is not counted in points\n  hint: write it in %"],
  [limit(1, 'AP', 'top1'), "the metric 'top1' is not counted in AP\n  hint: write it in points"],
  [limit(1, '%', 'odd'), 'nothing tells which of two values is better'],
])('%j is refused: %s', (given, message) => expect(() => accuracyGoals([given], known)).toThrow(message));

test('a unit that no metric is counted in is refused', () => {
  const plain = { names: ['loss'], accuracyMetrics: [], better: { loss: 'lower' as const } };
  expect(() => accuracyGoals([limit(1, 'points')], plain)).toThrow(
    "accuracy is in points, but the net has no metric that is counted so\n  hint: it has 'loss'",
  );
  expect(() => accuracyGoals([limit(1, 'dB')], { ...plain, names: [] })).toThrow('it has none at all');
});

const result = (unit: AccuracyLimit['unit'], amount: number, float: number, integer: number) => {
  const models = { float: { metrics: { m: float } }, integer: { metrics: { m: integer } } };
  return goalResults([{ metric: 'm', unit, amount }], { models })[0]!;
};

test.each<[AccuracyLimit['unit'], number, number, number, number, boolean]>([
  ['points', 0.3, 0.912, 0.909, 0, true],
  ['points', 0.3, 0.9, 0.896, -0.1, false],
  ['points', 0.3, 0.9, 0.92, 2.3, true],
  ['dB', 30, 0, 31, 1, true],
  ['dB', 30, 0, 29.9, -0.1, false],
  ['%', 2, 0.5, 0.505, 1, true],
  ['%', 2, 0.5, 0.52, -2, false],
])('%s: at most %f, float %f, integer %f', (unit, amount, float, integer, margin, isHeld) => {
  const found = result(unit, amount, float, integer);
  expect(found.margin).toBeCloseTo(margin, 6);
  expect(holds(found)).toBe(isHeld);
});

test('the goal that is missed by most decides', () => {
  expect(worstOf([result('dB', 30, 0, 31), result('points', 1, 0.9, 0.88)]).unit).toBe('points');
});

test.each([
  [result('points', 0.3, 0.912, 0.901), 'm is 90.10 %, 1.10 points below float; allowed are 0.3'],
  [result('points', 0.3, 0.9, 0.92), 'm is 92.00 %, 2.00 points above float; allowed are 0.3'],
  [result('dB', 30, 0, 28.126), 'm is 28.13; asked for are 30'],
  [result('%', 2, 0.5, 0.52), 'm is 0.5200 and 0.5000 in float; allowed are 2 % more'],
])('%j: %s', (found, text) => expect(describeGoal(found)).toBe(text));
