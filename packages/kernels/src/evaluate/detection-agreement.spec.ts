import { DetectionAgreement } from './detection-agreement.ts';

type Row = [image: number, label: number, score: number, ...box: [number, number, number, number]];
const output = (rows: Row[]) => ({ shape: [1, 1, rows.length, 7], data: Float32Array.from(rows.flat()) });
const A: Row = [0, 1, 0.9, 0.1, 0.1, 0.5, 0.5];
const moved = ([image, label, score, xmin, ymin, xmax, ymax]: Row, by: number, other = score): Row => [
  ...([image, label, other] as const),
  ...([xmin + by, ymin, xmax + by, ymax] as const),
];

test.each<[string, Row[], Row[], same: number, of: number]>([
  ['the same', [A], [A], 1, 1],
  ['a box moved by a tenth of its width', [A], [moved(A, 0.04)], 1, 1],
  ['a box moved by half of its width is another one', [A], [moved(A, 0.2)], 0, 2],
  ['a score that differs by 0.09', [A], [moved(A, 0, 0.81)], 1, 1],
  ['a score that differs by 0.2', [A], [moved(A, 0, 0.7)], 0, 2],
  ['another class', [A], [[0, 2, 0.9, 0.1, 0.1, 0.5, 0.5]], 0, 2],
  ['another image', [A], [[1, 1, 0.9, 0.1, 0.1, 0.5, 0.5]], 0, 2],
  ['one more with a low score is none', [A], [A, moved(A, 0.4, 0.05)], 1, 1],
  ['one more with a high score is one', [A], [A, moved(A, 0.4, 0.5)], 1, 2],
  ['a box is taken once', [A, moved(A, 0.02)], [A], 1, 2],
  ['the order does not matter', [A, moved(A, 0.4)], [moved(A, 0.4), A], 2, 2],
  ['none at all', [[0, -1, -1, -1, -1, -1, -1]], [[0, -1, -1, -1, -1, -1, -1]], 0, 0],
])('%s', (_name, reference, model, same, of) => {
  const agreement = new DetectionAgreement();
  agreement.add(output(reference), output(model));
  expect(agreement.counts()).toEqual({ same, of });
});
