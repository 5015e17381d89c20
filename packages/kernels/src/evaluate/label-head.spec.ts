import { smallGraph } from '../testing/small-net.ts';
import { labelHead } from './label-head.ts';

test('the head is what depends on labels, and reads the scores', () => {
  const { graph, scores } = labelHead(smallGraph('TEST'), new Set(['data']));
  expect(graph.layers.map(({ name }) => name)).toEqual(['inputs of the head', 'accuracy', 'loss']);
  expect(graph.layers[0]!.tops.map(({ id }) => id)).toEqual(['ip', 'label']);
  expect(scores.map(({ id }) => id)).toEqual(['ip']);
});

test('a net without labels has no head', () => {
  const { graph, scores } = labelHead(smallGraph('TEST'), new Set(['data', 'label']));
  expect(graph.layers).toHaveLength(1);
  expect(scores).toEqual([]);
});
