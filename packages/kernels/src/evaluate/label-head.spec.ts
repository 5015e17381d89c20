import { buildNetGraph } from '@caffe-quant/caffe-io';
import { parseNet } from '../testing/parse-layer.ts';
import { smallGraph } from '../testing/small-net.ts';
import { labelHead } from './label-head.ts';

test('the head is what depends on labels, and reads the scores', () => {
  const { graph, scores } = labelHead(smallGraph('TEST'), {
    inputs: new Set(['data']),
    blobs: new Set(['data', 'conv', 'ip']),
  });
  expect(graph.layers.map(({ name }) => name)).toEqual(['inputs of the head', 'accuracy', 'loss']);
  expect(graph.layers[0]!.tops.map(({ id }) => id)).toEqual(['ip', 'label']);
  expect(scores.map(({ id }) => id)).toEqual(['ip']);
});

test('a net without labels and losses has no head', () => {
  const { graph } = buildNetGraph(
    parseNet(`layer { name: "in" type: "Input" top: "x" }
      layer { name: "y" type: "ReLU" bottom: "x" top: "y" }`),
    { file: 'net.prototxt', phase: 'TEST' },
  );
  const head = labelHead(graph, { inputs: new Set(['x']), blobs: new Set(['x', 'y']) });
  expect(head.graph.layers).toHaveLength(1);
  expect(head.scores).toEqual([]);
});

describe('a loss between blobs of the net', () => {
  const encoder = (target: string) =>
    buildNetGraph(
      parseNet(`layer { name: "in" type: "Input" top: "data" }
        layer { name: "flat" type: "Flatten" bottom: "data" top: "flat" }
        layer { name: "twice" type: "Power" bottom: "flat" top: "twice" power_param { scale: 2 } }
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 4 } }
        layer { name: "other" type: "InnerProduct" bottom: "data" top: "other" inner_product_param { num_output: 4 } }
        layer { name: "near" type: "EuclideanLoss" bottom: "ip" bottom: "${target}" }`),
      { file: 'net.prototxt', phase: 'TEST' },
    ).graph;
  const headOf = (target: string, ...more: string[]) =>
    labelHead(encoder(target), { inputs: new Set(['data']), blobs: new Set(['data', 'ip', ...more]) });

  test('is in the head with all that the model does not have', () => {
    const { graph, scores } = headOf('twice');
    expect(graph.layers.slice(1).map(({ name }) => name)).toEqual(['flat', 'twice', 'near']);
    expect(scores.map(({ id }) => id)).toEqual(['data', 'ip']);
  });

  test('reads what the model has of it', () => {
    const { graph, scores } = headOf('other', 'other');
    expect(graph.layers.slice(1).map(({ name }) => name)).toEqual(['near']);
    expect(scores.map(({ id }) => id)).toEqual(['ip', 'other']);
  });

  test('is refused where it needs weights that the model does not have', () => {
    expect(() => headOf('other')).toThrow(
      'layer "near" compares with what layer "other" computes, which is not part of the deployed net',
    );
    expect(() => labelHead(encoder('other'), { inputs: new Set(), blobs: new Set() })).toThrow(
      `InnerProduct "ip" works on 'data', which is not an input of the deployed net`,
    );
  });
});
