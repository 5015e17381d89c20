import { buildNetGraph, readNetText } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { checkDataContent } from './blank-data.ts';

const NET = `
layer { name: "data" type: "HDF5Data" top: "a" top: "b" top: "label" hdf5_data_param { source: "list.txt" batch_size: 2 } }
layer { name: "join" type: "Concat" bottom: "a" bottom: "b" top: "x" }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 2 } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }`;
const { graph } = buildNetGraph(readNetText(NET, 'n.prototxt').net, { file: 'n.prototxt', phase: 'TRAIN' });
const quantizer = { name: 'ip', blob: 'x', layers: ['ip'], fixedMin: false, lrMult: 1, decayMult: 0 };
const plan = { batchNum: 1, layers: [], quantizers: [quantizer] };

async function found(a: number[][], b: number[][], label = 0) {
  let read = 0;
  const batch = (index: number) => {
    read++;
    const values = { a: a[index]!, b: b[index]!, label: [label, label] };
    return Promise.resolve(new Map(Object.entries(values).map(([name, own]) => [name, Float32Array.from(own)])));
  };
  try {
    const check = { graph, sources: graph, plan, purpose: 'calibration', batches: a.length, batch };
    return { findings: await checkDataContent(check), reads: () => read };
  } catch (error) {
    if (error instanceof DiagnosticsError) return { findings: error.diagnostics, reads: () => read };
    throw error;
  }
}

test('data with two values say nothing, whatever the labels are, and one batch is read', async () => {
  const { findings, reads } = await found([[0, 1], [0, 0]], [[2, 3], [0, 0]]); // prettier-ignore
  expect(findings).toEqual([]);
  expect(reads()).toBe(1);
});

test('zeros in all inputs are an error that names layer and source', async () => {
  const { findings, reads } = await found([[0, 0], [0, 0]], [[0, -0], [0, 0]], 3); // prettier-ignore
  expect(findings.map(({ severity, layer, message }) => [severity, layer, message])).toEqual([
    ['error', 'data', "the calibration data are all zero: 'a' from list.txt holds nothing else"],
    ['error', 'data', "the calibration data are all zero: 'b' from list.txt holds nothing else"],
  ]);
  expect(reads()).toBe(2);
});

test('a value in the last batch is enough', async () => {
  const zeros = [0, 0];
  const { findings } = await found(
    [zeros, zeros, zeros, zeros, zeros, [0, 1]],
    [zeros, zeros, zeros, zeros, zeros, [0, 1]],
  );
  expect(findings).toEqual([]);
});

test('zeros in one input of several are a warning, and so is a constant', async () => {
  expect((await found([[0, 1]], [[0, 0]])).findings).toMatchObject([{ severity: 'warning', code: 'data-all-zero' }]);
  expect((await found([[3, 3]], [[3, 3]])).findings).toMatchObject([
    {
      severity: 'warning',
      code: 'data-constant',
      message: "the calibration data hold one value throughout: 3, in 'a' from list.txt",
    },
    { severity: 'warning', code: 'data-constant' },
  ]);
});

test('an input that is one value by its nature is not followed through all batches', async () => {
  const { findings, reads } = await found(new Array(50).fill([1, 2]), new Array(50).fill([7, 7]));
  expect(findings).toEqual([]);
  expect(reads()).toBe(4);
});
