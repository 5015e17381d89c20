import { join } from 'node:path';
import { readCaffemodelFile, writeCaffemodelFile } from '@caffe-quant/caffe-io';
import { runAll } from '../testing/run-all.ts';
import { smallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

/** Whatever a net's layers and blobs are called, the numbers are those of the net with other names. */
const folder = temporaryFolder();

/** Names of six layers and six blobs; the blob `ip1` is rewritten in place. */
interface Names {
  readonly layers: readonly [data: string, ip1: string, relu: string, ip2: string, ip3: string, loss: string];
  readonly blobs: readonly [data: string, label: string, ip1: string, ip2: string, ip3: string, loss: string];
}

const text = (name: string): string => JSON.stringify(name);

function netOf({ layers, blobs }: Names): string {
  const [dataLayer, ip1Layer, reluLayer, ip2Layer, ip3Layer, lossLayer] = layers.map(text);
  const [data, label, ip1, ip2, ip3, loss] = blobs.map(text);
  return `name: "small"
layer { name: ${dataLayer} type: "Data" top: ${data} top: ${label} data_param { source: "data" batch_size: 2 backend: LMDB } }
layer { name: ${ip1Layer} type: "InnerProduct" bottom: ${data} top: ${ip1} inner_product_param { num_output: 4 } }
layer { name: ${reluLayer} type: "ReLU" bottom: ${ip1} top: ${ip1} }
layer { name: ${ip2Layer} type: "InnerProduct" bottom: ${ip1} top: ${ip2} inner_product_param { num_output: 4 } }
layer { name: ${ip3Layer} type: "InnerProduct" bottom: ${ip2} top: ${ip3} inner_product_param { num_output: 3 } }
layer { name: ${lossLayer} type: "SoftmaxWithLoss" bottom: ${ip3} bottom: ${label} top: ${loss} }
`;
}

interface Metrics {
  readonly metrics: Readonly<Record<string, number>>;
}

async function numbersOf(names: Names) {
  const place = smallProject(folder.path, {
    'train_val.prototxt': netOf(names),
    'quant.cfg': `retrain_data_quant_config: { ulq_quantize {} }\nretrain_weight_quant_config: { arq_retrain: { channel_wise: true } }\n`,
  });
  const file = join(place.root, 'small.caffemodel');
  const model = readCaffemodelFile(file);
  const called = new Map([
    ['ip1', names.layers[1]],
    ['ip2', names.layers[3]],
    ['ip3', names.layers[4]],
  ]);
  writeCaffemodelFile(file, {
    name: model.name ?? '',
    layers: model.layers.map((layer) => ({ ...layer, name: called.get(layer.name)! })),
  });
  const run = await runAll(place, { maxIter: 2 });
  expect([run.failed, run.errors]).toEqual([undefined, '']);
  const { models, onnx } = run.json<{ models: Record<string, Metrics>; onnx?: object }>('evaluate/evaluation.json');
  // A metric is called as its blob is.
  const metrics = Object.entries(models).map(([model, { metrics: own }]) => [model, Object.values(own)]);
  const trained = readCaffemodelFile(run.file('train/trained.caffemodel')).layers.map(({ blobs }) =>
    blobs.map(({ data }) => [...data]),
  );
  return { metrics, onnx, trained };
}

const PLAIN: Names = {
  layers: ['data', 'ip1', 'relu', 'ip2', 'ip3', 'loss'],
  blobs: ['data', 'label', 'ip1', 'ip2', 'ip3', 'loss'],
};

const LONG = 'x'.repeat(5000);

const HOSTILE: readonly (readonly [what: string, names: Names])[] = [
  [
    'of later versions of blobs',
    {
      layers: ['d@1', 'ip1@1', 'ip1@2', 'ip1@@1', '@', '@1'],
      blobs: ['ip1@1', 'ip1@@1', 'ip1', 'ip1@2', 'ip1@', '@1'],
    },
  ],
  [
    'of tensors of the graphs',
    {
      layers: ['blob', 'param', 'state', 'random', 'out', 'next'],
      blobs: ['loss', 'finite', 'param/ip1/0', 'learning_rate', 'out/param/ip1/0', 'uncopied'],
    },
  ],
  [
    'of what training carries',
    {
      layers: ['momentum', 'clip', 'history', 'blob/a', 'blob', 'gradient'],
      blobs: ['clip/clip/max', 'momentum', 'history/0/param/clip/0', 'next/loss', 'computed', 'next/param/clip/0'],
    },
  ],
  [
    'of nodes and constants',
    {
      layers: ['a', 'b', 'c', 'b/Gemm_3', 'a/b', 'd'],
      blobs: ['b/0', 'b/weights_int8', 'b/scale_d', 'b/Gemm_3', 'b/Gemm_2', 'b/zero_point_w'],
    },
  ],
  [
    'of JavaScript',
    {
      layers: ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'],
      blobs: ['constructor', '__proto__', 'prototype', 'toString', 'length', 'valueOf'],
    },
  ],
  [
    'of JavaScript, for what goes in and out',
    {
      layers: ['constructor', '__proto__', 'length', '0', '1', 'then'],
      blobs: ['__proto__', 'then', '0', '1', 'constructor', 'toJSON'],
    },
  ],
  [
    'of layers that are inserted',
    {
      layers: ['ip1_quant', 'ip1', 'ip1_dequant', 'ip1_quant_1', 'ip1_quantized', 'ip1_split'],
      blobs: ['ip1_quant', 'ip1_quantized', 'ip1', 'ip1_dequant', 'ip1_quant_1', 'ip1_out'],
    },
  ],
  [
    'that no file could have, and that are long',
    {
      layers: ['../../x', 'a/b', 'a\\b', 'a b', LONG, 'CON'],
      blobs: ['..', '/', '"\'', '<script>', `${LONG}y`, '名前'],
    },
  ],
];

test('names of all kinds change no number', async () => {
  const plain = await numbersOf(PLAIN);
  for (const [what, names] of HOSTILE) expect([what, await numbersOf(names)]).toEqual([what, plain]);
});

test.each(['\u0000', '\n', '\u001b[31m', '\u007f'])('a name with %j is refused with its line', async (bad) => {
  const { layers, blobs } = PLAIN;
  const named = { layers: [...layers.slice(0, 5), `loss${bad}`] as unknown as Names['layers'], blobs };
  const escaped = netOf(named).replace(
    JSON.stringify(`loss${bad}`),
    `"loss\\x${bad.charCodeAt(0).toString(16).padStart(2, '0')}${bad.slice(1)}"`,
  );
  const place = smallProject(folder.path, { 'train_val.prototxt': escaped });
  const { errors } = await runAll(place, {}, 'resolve');
  expect(errors).toMatch(/train_val\.prototxt:7:\d+: error: layer `.*`: the name ".*" has a control character/);
});
