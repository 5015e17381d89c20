/* eslint-disable no-console */
/**
 * Reads large nets into messages with this package and with others, in turns, and prints how many times as long the others take.
 *
 *     npm run build
 *     node packages/caffe-prototxt-parser/bench/read-nets.mjs [folder with .prototxt files]
 *
 * Without a folder: residual nets made here. protobufjs is the workspace's; npm's `prototxt-parser` takes part where it is installed.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bindMessage, parseText, printText, schemaFromDescriptor } from '../dist/index.js';

const LARGEST = 20;
const ROUNDS = 15;
const require = createRequire(import.meta.url);
const protobuf = require('protobufjs');
const textformat = require('protobufjs/ext/textformat');

const proto = readFileSync(new URL('../../../proto/caffe.proto', import.meta.url), 'utf8');
const { root } = protobuf.parse(proto, { keepCase: true });
const Net = root.lookupType('caffe.NetParameter');
const schema = schemaFromDescriptor(root.toJSON(), 'caffe.NetParameter');

function residualNet(blocks) {
  const layers = ['name: "bench"\n'];
  for (let i = 0; i < blocks; i++) {
    layers.push(`layer {
  name: "conv${i}"
  type: "Convolution"
  bottom: "relu${i - 1}"
  top: "conv${i}"
  param { lr_mult: 1 decay_mult: 1 }
  convolution_param {
    num_output: 64   # as the block before
    kernel_size: 3
    pad: 1
    bias_term: false
    weight_filler { type: "msra" std: 0.01 }
  }
}
layer { name: "bn${i}" type: "BatchNorm" bottom: "conv${i}" top: "conv${i}" batch_norm_param { use_global_stats: true eps: 1e-5 } }
layer { name: "scale${i}" type: "Scale" bottom: "conv${i}" top: "conv${i}" scale_param { bias_term: true } }
layer {
  name: "sum${i}"
  type: "Eltwise"
  bottom: "relu${i - 1}"
  bottom: "conv${i}"
  top: "relu${i}"
  eltwise_param { operation: SUM }
}
`);
  }
  return layers.join('');
}

/** The largest nets of a folder that the schema reads. */
function netsOf(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.prototxt'));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  texts.sort((a, b) => b.length - a.length);
  const nets = [];
  for (const text of texts) {
    if (nets.length === LARGEST) break;
    const { document, diagnostics } = parseText(text, { file: '' });
    if (diagnostics.length === 0 && bindMessage(document, schema).diagnostics.length === 0) nets.push(text);
  }
  return nets;
}

const folder = process.argv[2];
const texts = folder === undefined ? [100, 200, 300].map(residualNet) : netsOf(folder);
const size = texts.reduce((sum, text) => sum + text.length, 0);
console.log(`${texts.length} nets, ${(size / 1024).toFixed(0)} KiB`);

const readers = new Map([
  ['caffe-prototxt-parser: parse and bind', (text) => bindMessage(parseText(text, { file: '' }).document, schema)],
  ['caffe-prototxt-parser: parse', (text) => parseText(text, { file: '' })],
  ['caffe-prototxt-parser: parse and print', (text) => printText(parseText(text, { file: '' }).document)],
  ['protobufjs ext/textformat', (text) => textformat.fromText(Net, text)],
]);

const times = new Map([...readers.keys()].map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, read] of readers) {
    const start = performance.now();
    for (const text of texts) read(text);
    times.get(name).push(performance.now() - start);
  }
}
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const own = median(times.get('caffe-prototxt-parser: parse and bind').slice(2));
for (const [name, values] of times) {
  const time = median(values.slice(2));
  console.log(
    `${name.padEnd(40)} ${time.toFixed(1).padStart(8)} ms ${(size / 1e3 / time).toFixed(1).padStart(6)} MB/s ${(time / own).toFixed(2).padStart(8)}x`,
  );
}

let prototxtParser;
try {
  prototxtParser = require('prototxt-parser');
} catch {
  console.log('prototxt-parser: not installed');
}
if (prototxtParser !== undefined) {
  // It knows only part of the format, and takes minutes for a large net: the smallest net that it reads.
  for (const text of [...texts].sort((a, b) => a.length - b.length)) {
    const piece = text.length > 20_000 ? text.slice(0, text.lastIndexOf('\nlayer', 20_000) + 1) : text;
    const start = performance.now();
    try {
      prototxtParser.parse(piece);
    } catch {
      continue;
    }
    const theirs = performance.now() - start;
    const ours = [];
    for (let i = 0; i < ROUNDS; i++) {
      const begin = performance.now();
      bindMessage(parseText(piece, { file: '' }).document, schema);
      ours.push(performance.now() - begin);
    }
    console.log(
      `prototxt-parser, the first ${piece.length} characters of one net: ${theirs.toFixed(1)} ms, ${(theirs / median(ours)).toFixed(0)}x`,
    );
    break;
  }
}
