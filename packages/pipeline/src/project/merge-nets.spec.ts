import { buildNetGraph, readNetText, readSolverText, type Phase } from '@caffe-quant/caffe-io';
import { mergeNets } from './merge-nets.ts';
import { statesOf } from './net-states.ts';

const TRAIN = `# for training
name: "n"
layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "train" } }  # the data
# the first
layer {
  name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1"
  param { lr_mult: 2 }
  inner_product_param { num_output: 3 weight_filler { type: "xavier" } }
}
layer { name: "drop" type: "Dropout" bottom: "ip1" top: "ip1" }
layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 2 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" }
`;
const TEST = `name: "n for tests"
# what it is tested on
layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "test" } }
layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 3 } }
layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 2 } }
layer { name: "prob" type: "Softmax" bottom: "ip2" top: "prob" }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" }
layer { name: "acc" type: "Accuracy" bottom: "ip2" bottom: "label" top: "acc" }
`;

const merge = (train: string, test: string, solver = '') => {
  const states = statesOf(readSolverText(solver, 's').solver);
  return mergeNets({ file: 'train', text: train }, { file: 'test', text: test }, states);
};
const namesIn = (text: string, phase: Phase) =>
  buildNetGraph(readNetText(text, 'net').net, { file: 'net', phase }).graph.layers.map(({ name }) => name);

test('a layer of both nets is there once, others have the rule of their phase, and comments stay', () => {
  expect(merge(TRAIN, TEST).text).toBe(`# for training
name: "n"
layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "train" } include { phase: TRAIN } }  # the data
# what it is tested on
layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "test" } include { phase: TEST } }
# the first
layer {
  name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1"
  param { lr_mult: 2 }
  inner_product_param { num_output: 3 weight_filler { type: "xavier" } }
}
layer { name: "drop" type: "Dropout" bottom: "ip1" top: "ip1" include { phase: TRAIN } }
layer { name: "ip2" type: "InnerProduct" bottom: "ip1" top: "ip2" inner_product_param { num_output: 2 } }
layer { name: "prob" type: "Softmax" bottom: "ip2" top: "prob" include { phase: TEST } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip2" bottom: "label" top: "loss" }
layer { name: "acc" type: "Accuracy" bottom: "ip2" bottom: "label" top: "acc" include { phase: TEST } }
`);
});

const LAYER = (name: string, more = '') => `layer { name: "${name}" type: "Input" top: "${name}" ${more} }\n`;

test.each<[string, string, string, string]>([
  ['nothing in common', LAYER('a') + LAYER('b'), LAYER('c') + LAYER('d'), ''],
  ['another order', LAYER('a') + LAYER('b') + LAYER('c'), LAYER('c') + LAYER('a') + LAYER('b'), ''],
  ['the same name, another layer', LAYER('a', 'input_param { }'), LAYER('a'), ''],
  [
    'rules of either file',
    LAYER('a', 'include { phase: TRAIN }') + LAYER('b', 'exclude { phase: TRAIN }'),
    LAYER('c', 'include { phase: TRAIN }') + LAYER('d'),
    '',
  ],
  [
    'stages',
    LAYER('a', 'include { stage: "x" }') + LAYER('b'),
    `state { stage: "z" } ${LAYER('b', 'include { stage: "y" }')}${LAYER('c', 'include { stage: "z" }')}`,
    'train_state { stage: "x" } test_state { stage: "y" }',
  ],
  [
    'layers of 2014',
    'layers { name: "a" type: RELU bottom: "a" top: "a" }',
    'layers { name: "a" type: RELU bottom: "a" top: "a" } layers { name: "b" type: RELU bottom: "a" top: "b" }',
    '',
  ],
  [
    'a list of layers',
    `layer: [{ name: "a" type: "Input" top: "a" }, { name: "b" type: "Input" top: "b" }]`,
    `layer: [{ name: "b" type: "Input" top: "b" }, { name: "c" type: "Input" top: "c" }]`,
    '',
  ],
])('each phase has the layers of its own file, in their order: %s', (_, train, test, solver) => {
  const { text, origins } = merge(train, test, solver);
  const states = statesOf(readSolverText(solver, 's').solver);
  for (const [phase, own] of [
    ['TRAIN', train],
    ['TEST', test],
  ] as const) {
    const { net } = readNetText(own, 'net');
    const stages = states?.[phase]?.stage ?? [];
    const layers = buildNetGraph(net, { file: 'net', phase, stages }).graph.layers.map(({ name }) => name);
    expect(namesIn(text, phase)).toEqual(layers);
    const placed = origins.flatMap((origin) => (origin[phase] === undefined ? [] : [net.layer[origin[phase]]!.name]));
    expect(placed).toEqual(layers);
  }
});
