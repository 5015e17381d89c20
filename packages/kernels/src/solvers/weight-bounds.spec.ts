import { readSolverText } from '@caffe-quant/caffe-io';
import { runGraph } from '../graph/run-once.ts';
import { boundWeights, weightBounds } from './weight-bounds.ts';

const boundsOf = (text: string) =>
  weightBounds(readSolverText(`base_lr: 0.04 lr_policy: "fixed" ${text}`, 'solver.prototxt').solver);

/** Two blobs, [3, -4] and [12], of the norm 13 together. By hand, after caffe-windows. */
test.each([
  ['clip_weights: 14', [3, -4], [12]],
  ['clip_weights: 6.5', [1.5, -2], [6]],
  ['clip_weights: 0', [0, 0], [0]],
  ['clamp_weights_lower: -1 clamp_weights_upper: 5', [3, -1], [5]],
  ['clamp_weights_lower: -1', [3, -1], [12]],
  ['clamp_weights_upper: 0', [0, -4], [0]],
  ['clip_weights: 6.5 clamp_weights_upper: 5', [1.5, -2], [5]],
])('%s', async (text, first, second) => {
  const { first: a, second: b } = await runGraph(
    (g) => {
      const [a, b] = boundWeights(g, boundsOf(text)!, [g.input('a', [2]), g.input('b', [1])]);
      return { first: a!, second: b! };
    },
    { a: Float32Array.of(3, -4), b: Float32Array.of(12) },
  );
  expect([...a!].map((x) => x + 0)).toEqual(first);
  expect([...b!]).toEqual(second);
});

test('none without a field that asks for them', () => {
  expect(boundsOf('')).toBeUndefined();
  expect(boundsOf('clip_weights: -1')).toBeUndefined();
});
