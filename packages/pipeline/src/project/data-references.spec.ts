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

test('a type that cannot be read is an error at its line', () => {
  const { diagnostics } = dataReferences([graphOf('layer { name: "d" type: "WindowData" top: "data" }')]);
  expect(diagnostics).toMatchObject([{ code: 'data-layer-type', layer: 'd', severity: 'error' }]);
});
