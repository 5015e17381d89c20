import { buildNetGraph, readNetText, readSolverText, type Phase } from '@caffe-quant/caffe-io';
import { applyStates, statesOf, textWithStates } from './net-states.ts';

/** As DIGITS writes nets: one file for training, validation and deployment. */
const NET = `# one file for all
layer {
  name: "train-data" type: "Data" top: "data"
  include { stage: "train" } # a comment
}
layer {
  name: "val-data" type: "Data" top: "data"
  include { stage: "val" }
}
layer {
  name: "deploy-data" type: "Input" top: "data"
  # only when deployed
  include { stage: "deploy" }
}
layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" exclude { stage: "deploy" } }
layer { name: "deep" type: "ReLU" bottom: "ip" top: "ip" include { min_level: 2 } }
layer { name: "plain" type: "Softmax" bottom: "ip" top: "prob" }
`;
const SOLVER = 'train_state { stage: "train" level: 2 } test_state { stage: "val" } test_state { stage: "other" }';
const states = statesOf(readSolverText(SOLVER, 'solver.prototxt').solver)!;
const namesIn = (text: string, phase: Phase) =>
  buildNetGraph(readNetText(text, 'net').net, { file: 'net', phase }).graph.layers.map(({ name }) => name);

test('a net has the layers that its own state includes', () => {
  const text = textWithStates(NET, 'net', states);
  expect(namesIn(text, 'TRAIN')).toEqual(['train-data', 'ip', 'deep', 'plain']);
  expect(namesIn(text, 'TEST')).toEqual(['val-data', 'ip', 'plain']);
});

test('the messages say the same as the text', () => {
  const { net } = readNetText(NET, 'net');
  applyStates(net, states);
  const text = textWithStates(NET, 'net', states);
  for (const phase of ['TRAIN', 'TEST'] as const) {
    const { layers } = buildNetGraph(net, { file: 'net', phase }).graph;
    expect(layers.map(({ name }) => name)).toEqual(namesIn(text, phase));
  }
});

test('comments stay', () => {
  const text = textWithStates(NET, 'net', states);
  for (const comment of ['# one file for all', '# a comment', '# only when deployed']) expect(text).toContain(comment);
  expect(text).not.toContain('stage');
  expect(text).not.toContain('level');
});

test("the net's own state counts as well", () => {
  const own = `state { stage: "val" }\n${NET}`;
  expect(namesIn(textWithStates(own, 'net', { TRAIN: states.TRAIN! }), 'TEST')).toEqual(['val-data', 'ip', 'plain']);
});

test('a file of an old form comes in the one of today', () => {
  const old = 'layers { name: "a" type: RELU bottom: "x" top: "a" include { stage: "val" } }';
  expect(textWithStates(old, 'net', states)).toContain('phase: TEST');
});

test.each(['', 'train_state { } test_state { level: 0 }', 'train_state { phase: TRAIN }'])(
  'a solver with { %s } says nothing',
  (text) => expect(statesOf(readSolverText(text, 'solver.prototxt').solver)).toBeUndefined(),
);
