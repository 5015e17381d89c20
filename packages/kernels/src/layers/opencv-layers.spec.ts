import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphBuilder, Shape } from '../graph/graph-builder.ts';
import { elementCount } from '../graph/graph-builder.ts';
import type { TensorData } from '../graph/session.ts';
import { relativeError } from '../testing/goldens.ts';
import { FORWARD_LIMIT } from '@caffe-quant/goldens';
import { parseLayer } from '../testing/parse-layer.ts';
import { runGraph } from '../testing/run-graph.ts';
import { LAYER_KERNELS } from './registry.ts';
import { lowerLayer } from './one-layer.ts';

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
  const feeds: Record<string, TensorData> = {};
  const input = (g: GraphBuilder, k: number, shape: Shape) => {
    feeds[`x${k}`] = blob(k, shape);
    return g.input(`x${k}`, shape);
  };
  const { y } = await runGraph((g) => {
    const bottoms = golden.bottoms.map((shape, k) => input(g, k, shape));
    const params = golden.params.map((shape, k) => input(g, bottoms.length + k, shape));
    const [top] = lowerLayer(LAYER_KERNELS.get(golden.type)!, layer, { g, phase: 'TEST', bottoms, params }).tops;
    expect(top!.shape).toEqual(golden.top.shape);
    return { y: top! };
  }, feeds);
  expect(relativeError(y!, golden.top.data)).toBeLessThan(FORWARD_LIMIT);
});
