import { buildNetGraph, readNetText, type NetGraph } from '@caffe-quant/caffe-io';
import { namedFiles } from '@caffe-quant/kernels';
import { dataReferences } from './data-references.ts';

const graphOf = (text: string, phase: 'TRAIN' | 'TEST' = 'TEST'): NetGraph => {
  const { net, locate } = readNetText(text, 'net.prototxt');
  return buildNetGraph(net, { file: 'net.prototxt', phase, locate }).graph;
};

const DATA = 'layer { name: "data" type: "Data" top: "data" top: "label" data_param { source: "lmdb" batch_size: 2 } }';

test('layers without bottoms that compute their tops bring no data', () => {
  const net = `${DATA}
    layer { name: "noise" type: "DummyData" top: "noise" dummy_data_param { shape { dim: 1 } } }
    layer { name: "learned" type: "Parameter" top: "learned" parameter_param { shape { dim: 1 } } }`;
  const { references, diagnostics } = dataReferences([graphOf(net)]);
  expect(references.map(({ name }) => name)).toEqual(['lmdb']);
  expect(diagnostics).toEqual([]);
});

test('the files that layers name beside their data are references of the project, as kernels reads them', () => {
  const net = `${DATA}
    layer { name: "gain" type: "InfogainLoss" bottom: "data" bottom: "label" top: "l1"
            infogain_loss_param { source: "gain.binaryproto" } }
    layer { name: "own" type: "InfogainLoss" bottom: "data" bottom: "label" bottom: "data" top: "l2"
            infogain_loss_param { source: "unread.binaryproto" } }
    layer { name: "eval" type: "DetectionEvaluate" bottom: "data" bottom: "label" top: "eval"
            detection_evaluate_param { num_classes: 2 name_size_file: "sizes.txt" } include { phase: TEST } }`;
  const graphs = [graphOf(net, 'TRAIN'), graphOf(net)];
  const { references } = dataReferences(graphs);
  expect(references.map(({ path, layer, phases }) => [path, layer, phases])).toEqual([
    ['lmdb', 'data', ['TRAIN', 'TEST']],
    ['gain.binaryproto', 'gain', ['TRAIN', 'TEST']],
    ['sizes.txt', 'eval', ['TEST']],
  ]);
  expect(namedFiles(graphs[1]!).map(({ path, layer }) => [path, layer.name])).toEqual([
    ['gain.binaryproto', 'gain'],
    ['sizes.txt', 'eval'],
  ]);
});

const IMAGES = 'layer { name: "i" type: "ImageData" top: "data" top: "label" image_data_param { source: "list.txt" } }';
const LOSS = 'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "data" bottom: "label" top: "loss"';

test.each([
  ['a loss reads them', `${LOSS} }`, 'images'],
  ['a loss reads them in one of the phases', `${LOSS} include { phase: TRAIN } }`, 'images'],
  ['Silence takes them', 'layer { name: "s" type: "Silence" bottom: "label" }', 'paths'],
  ['nothing reads them', 'layer { name: "r" type: "ReLU" bottom: "data" top: "y" }', 'paths'],
])('whether a list of images has to have labels: %s', (_, layers, kind) => {
  const { references } = dataReferences([graphOf(IMAGES + layers, 'TRAIN'), graphOf(IMAGES + layers)]);
  expect(references.map(({ path, lists }) => [path, lists?.kind])).toEqual([['list.txt', kind]]);
});

test('who reads the labels may be another net than that of the data layers', () => {
  const kindFor = (reader: string) =>
    dataReferences([graphOf(IMAGES, 'TRAIN')], graphOf(reader)).references[0]?.lists?.kind;
  expect(kindFor(`${IMAGES} ${LOSS} }`)).toBe('images');
  expect(kindFor(IMAGES)).toBe('paths');
});

test('a type that cannot be read is an error at its line', () => {
  const { diagnostics } = dataReferences([graphOf('layer { name: "d" type: "WindowData" top: "data" }')]);
  expect(diagnostics).toMatchObject([{ code: 'data-layer-type', layer: 'd', severity: 'error' }]);
});
