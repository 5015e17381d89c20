import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildNetGraph, readCaffemodelFile, readNetText, type NetGraph } from '@caffe-quant/caffe-io';
import type { Shape } from '../graph/graph-builder.ts';
import { fitWeights } from './fit-weights.ts';
import { NetRunner } from './net-runner.ts';

/** Forward passes of real models against OpenCV's dnn module (tools/oracles/opencv-outputs.py made the numbers). */

interface RealModel {
  net: string;
  weights: string;
  inputs: Record<string, number[]>;
  outputs: Record<string, { count: number; step: number; largest: number; values: number[] }>;
}

const { models } = JSON.parse(readFileSync(join(__dirname, '../../fixtures/opencv/outputs.json'), 'utf8')) as {
  models: RealModel[];
};
const FOLDER = join(__dirname, '../../../../../shared/models');
const TOLERANCE = 1e-4;

const inputOf = (shape: Shape) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * 7919) % 1009) / 1009 - 0.25);

const blobId = (graph: NetGraph, name: string): string =>
  graph.layers
    .flatMap(({ tops }) => tops)
    .filter((top) => top.name === name)
    .at(-1)!.id;

const present = existsSync(FOLDER);
if (!present) console.warn('the real models are not beside the repository: their forward passes are not compared');

(present ? test : test.skip).each(models.map((model) => [`${model.net} with ${model.weights}`, model] as const))(
  '%s equals OpenCV',
  async (_name, { net, weights: weightsFile, inputs, outputs }) => {
    const { net: message } = readNetText(readFileSync(join(FOLDER, net), 'latin1'), net);
    const { graph } = buildNetGraph(message, { file: net, phase: 'TEST' });
    const inputShapes = new Map<string, Shape>(Object.entries(inputs));
    const { weights } = fitWeights(graph, inputShapes, readCaffemodelFile(join(FOLDER, weightsFile)), weightsFile);
    const ids = new Map(Object.keys(outputs).map((name) => [name, blobId(graph, name)]));
    const runner = await NetRunner.create({ graph, weights, inputShapes, outputs: [...ids.values()] });
    const computed = await runner.run(new Map([...inputShapes].map(([name, shape]) => [name, inputOf(shape)])));
    await runner.close();
    for (const [name, { count, step, largest, values }] of Object.entries(outputs)) {
      const { data } = computed.get(ids.get(name)!)!;
      expect(data.length).toBe(count);
      const worst = values.reduce((error, value, i) => Math.max(error, Math.abs(data[i * step]! - value)), 0);
      expect([name, worst / largest < TOLERANCE]).toEqual([name, true]);
    }
  },
);
