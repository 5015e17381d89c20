import { readNetText } from '../read-net-text.ts';
import { buildNetGraph, type NetGraphOptions } from './build-net-graph.ts';
import { consumersOf, outputsOf, sharedParametersOf } from './net-graph.ts';

function graphOf(text: string, options: Partial<NetGraphOptions> = {}) {
  const { net, locate, diagnostics } = readNetText(text, 'net.prototxt');
  expect(diagnostics).toEqual([]);
  return buildNetGraph(net, { file: 'net.prototxt', phase: 'TEST', locate, ...options });
}

const LENET = `name: "LeNet"
layer { name: "mnist" type: "Data" top: "data" top: "label" include { phase: TRAIN } }
layer { name: "mnist" type: "Data" top: "data" top: "label" include { phase: TEST } }
layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" }
layer { name: "relu1" type: "ReLU" bottom: "ip1" top: "ip1" }
layer { name: "drop1" type: "Dropout" bottom: "ip1" top: "ip1" }
layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" }
layer { name: "accuracy" type: "Accuracy" bottom: "ip2" bottom: "label" top: "accuracy" include { phase: TEST } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" }
`;

describe('a sound net', () => {
  const { graph, diagnostics } = graphOf(LENET);

  test('gives no diagnostics and the layers of its phase with their lines', () => {
    expect(diagnostics).toEqual([]);
    expect(graph.layers.map(({ name, line }) => [name, line])).toEqual([
      ['mnist', 3],
      ['ip1', 4],
      ['relu1', 5],
      ['drop1', 6],
      ['ip2', 7],
      ['accuracy', 8],
      ['loss', 9],
    ]);
    expect(graphOf(LENET, { phase: 'TRAIN' }).graph.layers.map(({ name }) => name)).not.toContain('accuracy');
  });

  test('gives every write in place a version of its own', () => {
    expect(graph.layers.map(({ bottoms, tops }) => [bottoms.map(({ id }) => id), tops.map(({ id }) => id)])).toEqual([
      [[], ['data', 'label']],
      [['data'], ['ip1']],
      [['ip1'], ['ip1@1']],
      [['ip1@1'], ['ip1@2']],
      [['ip1@2'], ['ip2']],
      [['ip2', 'label'], ['accuracy']],
      [['ip2', 'label'], ['(automatic)']],
    ]);
  });

  test('has one object for a top and the bottoms that read it', () => {
    const [, ip1, relu1] = graph.layers;
    expect(relu1?.bottoms[0]).toBe(ip1?.tops[0]);
    expect(relu1?.bottoms[0]?.producer).toBe(1);
  });

  test('knows consumers and outputs', () => {
    const label = graph.layers[0]!.tops[1]!;
    expect(consumersOf(graph, label).map(({ name }) => name)).toEqual(['accuracy', 'loss']);
    expect(outputsOf(graph).map(({ id }) => id)).toEqual(['accuracy', '(automatic)']);
  });
});

describe('a layer without a top', () => {
  const topsOf = (type: string, rest = '') =>
    graphOf(`layer { name: "in" type: "Input" top: "a" top: "b" }
      layer { name: "last" type: "${type}" bottom: "a" bottom: "b" ${rest} }`).graph.layers[1]!.tops.map(
      ({ id }) => id,
    );

  test.each([
    ...['ContrastiveLoss', 'EuclideanLoss', 'HingeLoss', 'InfogainLoss', 'MultinomialLogisticLoss'],
    ...['SigmoidCrossEntropyLoss', 'SoftmaxWithLoss', 'SmoothL1Loss', 'MultiBoxLoss', 'L1Loss', 'FocalLoss'],
    ...['SmoothL1LossOHEM', 'SoftmaxWithLossOHEM', 'RegionLoss', 'Yolov3', 'YoloSeg'],
  ])('has one all the same where it is a loss: %s', (type) => {
    expect(topsOf(type)).toEqual(['(automatic)']);
    expect(topsOf(type, 'top: "mine"')).toEqual(['mine']);
  });

  test.each(['Accuracy', 'Python', 'Softmax', 'Silence', 'Eltwise', 'DetectionEvaluate'])(
    'has none where it is not a loss: %s',
    (type) => {
      expect(topsOf(type)).toEqual([]);
      expect(topsOf(type, 'loss_weight: 1')).toEqual([]);
    },
  );

  test('shares it with no other', () => {
    const { graph } = graphOf(`layer { name: "in" type: "Input" top: "a" top: "b" }
      layer { name: "one" type: "SmoothL1Loss" bottom: "a" bottom: "b" }
      layer { name: "two" type: "EuclideanLoss" bottom: "a" bottom: "b" }`);
    expect(outputsOf(graph).map(({ producer }) => producer)).toEqual([1, 2]);
  });
});

describe('include and exclude rules', () => {
  test.each([
    ['no rule', '', true],
    ['include of the phase', 'include { phase: TEST }', true],
    ['include of the other phase', 'include { phase: TRAIN }', false],
    ['one of two includes', 'include { phase: TRAIN } include { stage: "deploy" }', true],
    ['exclude of the phase', 'exclude { phase: TEST }', false],
    ['exclude of a stage', 'exclude { stage: "deploy" }', false],
    ['both stages set', 'include { stage: "deploy" stage: "small" }', true],
    ['one stage missing', 'include { stage: "deploy" stage: "large" }', false],
    ['not_stage set', 'include { not_stage: "deploy" }', false],
    ['not_stage unset', 'include { not_stage: "large" }', true],
    ['min_level reached', 'include { min_level: 2 }', true],
    ['min_level not reached', 'include { min_level: 3 }', false],
    ['max_level passed', 'include { max_level: 1 }', false],
    ['an empty rule', 'include { }', true],
  ])('%s', (_, rules, expected) => {
    const text = `state { stage: "small" } layer { name: "l" type: "Input" top: "x" ${rules} } layer { name: "k" type: "Input" top: "y" }`;
    const { graph } = graphOf(text, { stages: ['deploy'], level: 2 });
    expect(graph.layers.some(({ name }) => name === 'l')).toBe(expected);
  });

  test("the level is the net's own where the options give none", () => {
    const text = 'state { level: 2 } layer { name: "l" type: "Input" top: "x" include { min_level: 2 } }';
    expect(graphOf(text).graph.layers).toHaveLength(1);
    expect(graphOf(text, { level: 1 }).graph.layers).toHaveLength(0);
  });
});

describe('problems', () => {
  const INPUT = 'layer { name: "in" type: "Input" top: "data" }\n';
  test.each([
    [
      'a misspelt bottom',
      `${INPUT}layer {\n  name: "ip"\n  type: "InnerProduct"\n  bottom: "date" }`,
      {
        code: 'unknown-bottom',
        line: 5,
        column: 11,
        layer: 'ip',
        message: 'layer "ip" reads the blob "date", which no layer makes',
        hint: 'did you mean "data"?',
      },
    ],
    [
      'a blob of another phase',
      'layer { name: "d" type: "Data" top: "x" include { phase: TRAIN } }\nlayer { name: "r" type: "ReLU" bottom: "x" top: "y" }',
      { code: 'unknown-bottom', line: 2, hint: 'layer "d" (line 1) makes it, but is not in the net in TEST' },
    ],
    [
      'a blob that is made later',
      'layer { name: "r" type: "ReLU" bottom: "x" top: "y" }\nlayer { name: "d" type: "Input" top: "x" }',
      { code: 'bottom-made-later', line: 1, hint: 'move layer "d" (line 2) before it' },
    ],
    [
      'a circle',
      'layer { name: "a" type: "ReLU" bottom: "z" top: "x" }\nlayer { name: "b" type: "ReLU" bottom: "x" top: "y" }\nlayer { name: "c" type: "ReLU" bottom: "y" top: "z" }',
      {
        code: 'cycle',
        line: 1,
        message: 'the layers feed each other in a circle: "a" -> "b" -> "c" -> "a", through the blob "z"',
      },
    ],
    [
      'a misspelt bottom of a layer in place',
      `${INPUT}layer { name: "a" type: "ReLU" bottom: "dat" top: "dat" }`,
      { code: 'unknown-bottom', message: 'layer "a" reads the blob "dat", which no layer makes' },
    ],
    [
      'a top that is made twice',
      `${INPUT}layer { name: "in2" type: "Input" top: "data" }`,
      {
        code: 'duplicate-top',
        line: 2,
        layer: 'in2',
        message: 'layer "in2" makes the blob "data", which layer "in" (line 1) made already',
      },
    ],
    [
      'an input of the net, with a shape, beside a layer that makes it',
      `input: "x" input_shape { dim: 1 }\nlayer { name: "d" type: "HDF5Data" top: "x" }`,
      {
        code: 'duplicate-top',
        line: 2,
        layer: 'd',
        hint: 'a blob comes from outside or from a layer: remove one of the two',
      },
    ],
    [
      'both kinds of rules',
      'layer { name: "in" type: "Input" top: "data" include { phase: TEST } exclude { stage: "x" } }',
      { code: 'include-and-exclude', line: 1 },
    ],
    [
      'two layers of a name',
      `${INPUT}layer { name: "in" type: "ReLU" bottom: "data" top: "b" }`,
      { code: 'duplicate-layer', severity: 'warning', line: 2 },
    ],
    ['no type', 'layer { name: "in" top: "data" }', { code: 'missing-type', line: 1 }],
    ['an empty net', 'name: "n"', { code: 'empty-net', message: 'the net has no layers' }],
    [
      'nothing in this phase',
      'layer { name: "in" type: "Input" top: "data" include { phase: TRAIN } }',
      { code: 'empty-net', message: 'no layer is included in TEST' },
    ],
  ])('%s', (_, text, expected) => {
    const { diagnostics } = graphOf(text);
    expect(diagnostics).toEqual([expect.objectContaining({ file: 'net.prototxt', ...expected })]);
  });

  test('every one of them is reported, and the graph comes all the same', () => {
    const { graph, diagnostics } = graphOf(
      `${INPUT}layer { name: "a" type: "ReLU" bottom: "p" top: "q" }\nlayer { name: "b" type: "ReLU" bottom: "r" top: "q" }`,
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-bottom', 'unknown-bottom', 'duplicate-top']);
    expect(graph.layers.map(({ tops }) => tops[0]?.id)).toEqual(['data', 'q', 'q@1']);
    expect(graph.layers[1]?.bottoms[0]).toEqual({ name: 'p', version: 0, id: 'p', producer: undefined });
  });
});

test('shared parameters are found by name', () => {
  const { graph } = graphOf(`
    layer { name: "in" type: "Input" top: "a" top: "b" }
    layer { name: "ip" type: "InnerProduct" bottom: "a" top: "c" param { name: "w" } param { name: "bias" } }
    layer { name: "ip_p" type: "InnerProduct" bottom: "b" top: "d" param { name: "w" } param { lr_mult: 2 } }
  `);
  const shared = sharedParametersOf(graph).map(({ name, uses }) => [
    name,
    uses.map(({ layer, index }) => [layer.name, index]),
  ]);
  expect(shared).toEqual([
    [
      'w',
      [
        ['ip', 0],
        ['ip_p', 0],
      ],
    ],
  ]);
});

test('layers that only write files are left out with a word, and what they read is an output', () => {
  const { graph, diagnostics } = graphOf(`
    layer { name: "in" type: "Input" top: "a" }
    layer { name: "c" type: "ReLU" bottom: "a" top: "b" }
    layer { name: "w" type: "HDF5Output" bottom: "b" bottom: "a" }
    layer { name: "t" type: "HDF5Output" bottom: "b" bottom: "a" include { phase: TRAIN } }
  `);
  expect(graph.layers.map(({ name, index }) => [name, index])).toEqual([
    ['in', 0],
    ['c', 1],
  ]);
  expect(outputsOf(graph).map(({ id }) => id)).toEqual(['b']);
  expect(diagnostics).toEqual([
    expect.objectContaining({ severity: 'info', code: 'layer-skipped', layer: 'w', line: 4 }),
  ]);
});
