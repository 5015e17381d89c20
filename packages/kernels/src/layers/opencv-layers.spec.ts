import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { relativeError } from '../testing/goldens.ts';
import { FORWARD_LIMIT } from '@caffe-quant/goldens';
import { parseLayer } from '../testing/parse-layer.ts';
import { LAYER_KERNELS } from './registry.ts';
import { runLayer } from './run-layer.ts';

/** Single layers in TEST against OpenCV's dnn module, where it has a way to use them that no golden covers. */

interface OpenCvCase {
  name: string;
  type: string;
  settings: string;
  bottoms: number[][];
  params: number[][];
  top: { shape: number[]; data: number[] };
}

const { cases } = JSON.parse(readFileSync(join(__dirname, '../../fixtures/opencv/layers.json'), 'utf8')) as {
  cases: OpenCvCase[];
};

/** As in tools/oracles/opencv-layers.py. */
const blob = (k: number, shape: Shape): Float32Array =>
  Float32Array.from({ length: elementCount(shape) }, (_, i) => ((i * 7919 + k * 104729) % 1009) / 1009 - 0.5);

test.each(cases.map((golden) => [golden.name, golden] as const))('%s equals OpenCV', async (_name, golden) => {
  const bottomNames = golden.bottoms.map((_, k) => `bottom: "b${k}"`).join(' ');
  const layer = parseLayer(`layer { type: "${golden.type}" ${bottomNames} top: "y" ${golden.settings} }`);
  const input = (shape: Shape, k: number) => ({ shape, data: blob(k, shape) });
  const { topShapes, tops } = await runLayer(LAYER_KERNELS.get(golden.type)!, layer, {
    phase: 'TEST',
    bottoms: golden.bottoms.map(input),
    params: golden.params.map((shape, k) => input(shape, golden.bottoms.length + k)),
  });
  expect(topShapes[0]).toEqual(golden.top.shape);
  expect(relativeError(tops[0]!, golden.top.data)).toBeLessThan(FORWARD_LIMIT);
});
