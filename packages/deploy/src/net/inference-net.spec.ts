import { readNetText } from '@caffe-quant/caffe-io';
import { LENET, lenetShapes } from '../testing/lenet.ts';
import { graphOf } from '../testing/run-exported.ts';
import { inferenceGraph, inferenceNet } from './inference-net.ts';

const SHAPES = lenetShapes(32);
const DATA = `layer { name: "mnist" type: "Data" top: "data" top: "label" }\n`;
const ip = (name: string, bottom: string): string =>
  `layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" inner_product_param { num_output: 3 } }\n`;
const infer = (text: string): string => inferenceNet({ text, file: 'net.prototxt' }, SHAPES).text;
const layersOf = (text: string): string[] =>
  graphOf(infer(text)).layers.map(
    ({ name, type, bottoms, tops }) =>
      `${type} ${name}: ${bottoms.map(({ id }) => id).join(' ')} -> ${tops.map(({ id }) => id).join(' ')}`,
  );

describe('inferenceNet', () => {
  test('makes of a net for training what Caffe calls its deploy.prototxt', () => {
    expect(layersOf(LENET.text)).toEqual([
      'Input data:  -> data',
      'Convolution conv1: data -> conv1',
      'Pooling pool1: conv1 -> pool1',
      'Convolution conv2: pool1 -> conv2',
      'Pooling pool2: conv2 -> pool2',
      'InnerProduct ip1: pool2 -> ip1',
      'ReLU relu1: ip1 -> ip1@1',
      'InnerProduct ip2: ip1@1 -> ip2',
      'Softmax prob: ip2 -> prob',
    ]);
    expect(readNetText(infer(LENET.text), 'n').net.layer[0]!.input_param?.shape[0]?.dim).toEqual([1, 1, 28, 28]);
  });

  test('leaves a deploy.prototxt as it is, byte for byte', () => {
    const text = `# mine\nlayer { name: "d" type: "Input" top: "x" input_param { shape { dim: 10 dim: 4 } } }\n${ip('ip', 'x')}layer { name: "p" type: "Softmax" bottom: "ip" top: "p" }`;
    expect(infer(text)).toBe(text);
  });

  test('applied again it changes nothing', () => {
    expect(infer(infer(LENET.text))).toBe(infer(LENET.text));
  });

  test('writes a net of an older form in today’s form', () => {
    const text =
      'input: "data" input_dim: 1 input_dim: 1 input_dim: 28 input_dim: 28\nlayers { name: "r" type: RELU bottom: "data" top: "r" }\n';
    expect(layersOf(text)).toEqual(['Input input:  -> data', 'ReLU r: data -> r']);
  });

  test('has both features that a ContrastiveLoss compares', () => {
    const text = `layer { name: "in" type: "HDF5Data" top: "data" top: "p" top: "sim" }
      ${ip('ip', 'data')}${ip('ip_p', 'p')}
      layer { name: "loss" type: "ContrastiveLoss" bottom: "ip" bottom: "ip_p" bottom: "sim" top: "loss" }`;
    const shapes = new Map(['data', 'p'].map((name) => [name, [2, 4]]));
    const both = inferenceNet({ text, file: 'net.prototxt' }, shapes).text;
    expect(graphOf(both).layers.map(({ name, tops }) => [name, ...tops.map(({ id }) => id)])).toEqual([
      ['in', 'data', 'p'],
      ['ip', 'ip'],
      ['ip_p', 'ip_p'],
    ]);
  });

  test('takes the loss of the TRAIN phase where TEST has none', () => {
    const text = `${DATA}${ip('ip', 'data')}
      layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" include { phase: TRAIN } softmax_param { axis: -1 } }
      layer { name: "acc" type: "Accuracy" bottom: "ip" bottom: "label" top: "acc" include { phase: TEST } }`;
    expect(layersOf(text)).toEqual(['Input data:  -> data', 'InnerProduct ip: data -> ip', 'Softmax prob: ip -> prob']);
    expect(infer(text)).toContain('axis: -1');
  });

  test('adds no second Softmax, and names it otherwise where the name is taken', () => {
    const loss = 'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" }';
    const own = `${DATA}${ip('ip', 'data')}layer { name: "s" type: "Softmax" bottom: "ip" top: "s" include { phase: TEST } }\n${loss}`;
    expect(layersOf(own).filter((layer) => layer.startsWith('Softmax'))).toEqual(['Softmax s: ip -> s']);
    const taken = `${DATA}${ip('prob', 'data')}layer { name: "loss" type: "SoftmaxWithLoss" bottom: "prob" bottom: "label" }`;
    expect(layersOf(taken).at(-1)).toBe('Softmax prob_1: prob -> prob_1');
  });

  test('a Sigmoid takes the place of SigmoidCrossEntropyLoss, nothing that of EuclideanLoss', () => {
    const loss = (type: string) =>
      `${DATA}${ip('ip', 'data')}layer { name: "loss" type: "${type}" bottom: "ip" bottom: "label" top: "loss" }`;
    expect(layersOf(loss('SigmoidCrossEntropyLoss')).at(-1)).toBe('Sigmoid prob: ip -> prob');
    expect(layersOf(loss('EuclideanLoss')).at(-1)).toBe('InnerProduct ip: data -> ip');
  });

  test('drops what only labels, losses and silence need, and keeps outputs that nothing reads', () => {
    const text = `${DATA}${ip('ip', 'data')}${ip('embedding', 'data')}
      layer { name: "slice" type: "Slice" bottom: "label" top: "l0" top: "l1" }
      layer { name: "silence" type: "Silence" bottom: "l1" }
      layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "l0" top: "loss" }`;
    expect(layersOf(text)).toEqual([
      'Input data:  -> data',
      'InnerProduct ip: data -> ip',
      'InnerProduct embedding: data -> embedding',
    ]);
  });

  test('removes the rules by which layers belong to a phase', () => {
    expect(infer(LENET.text)).not.toMatch(/include|phase/);
  });

  test('a net that computes nothing in TEST is refused', () => {
    expect(() => infer(DATA)).toThrow(/no layer is left/);
  });

  test('data of unknown shape are refused by name', () => {
    expect(() =>
      inferenceNet({ text: `${DATA.replace('"data"', '"image"')}${ip('ip', 'image')}`, file: 'n' }, SHAPES),
    ).toThrow(/the shape of the data 'image' is not known/);
  });

  test('its graph has the lines of the net that it was made of', () => {
    const graph = inferenceGraph(inferenceNet(LENET, SHAPES), LENET);
    const line = LENET.text.split('\n').findIndex((each) => each.includes('name: "conv2"')) + 1;
    expect(graph.layers.find(({ name }) => name === 'conv2')!.line).toBe(line);
  });
});
