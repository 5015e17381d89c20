import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readCaffemodelFile } from '@caffe-quant/caffe-io';
import { fitWeights } from '@caffe-quant/kernels';
import { plainNet, trainGraph } from '../benchmarks/step-request.ts';
import type { Torch } from '../benchmarks/torch-side.ts';
import { BATCH, type ProofNet } from './nets.ts';
import type { Ranges, Recipe } from './recipes.ts';

/** What PyTorch found, on all test images. */
export interface TorchResult {
  before: { loss: number; accuracy: number };
  after: { loss: number; accuracy: number };
  /** Of training alone. */
  seconds: number;
}

export interface TorchTask {
  /** Where its weights may be written. */
  folder: string;
  /** Folder of Fashion-MNIST's idx files. */
  idx: string;
  /** Files of the float net. */
  net: string;
  weights: string;
  /** Ranges that IFMR found. */
  ranges: Ranges;
  solver: ProofNet['retrain'];
  recipe: Recipe;
}

const WEIGHT_DECAY = 0.0005;
/** As many as ours. */
const THREADS = Number(process.env['CAFFE_QUANT_THREADS'] ?? availableParallelism());

/** Retrains a net in PyTorch by a recipe, from the same weights and ranges. */
export function retrainInTorch(torch: Torch, task: TorchTask): TorchResult {
  const text = readFileSync(task.net, 'utf8');
  const graph = trainGraph(text);
  const inputShapes = new Map([
    ['data', [BATCH.TRAIN, 1, 28, 28]],
    ['label', [BATCH.TRAIN]],
  ]);
  const { weights } = fitWeights(graph, inputShapes, readCaffemodelFile(task.weights), task.weights);
  const file = join(task.folder, 'torch-weights');
  writeFileSync(file, '');
  for (const { buffer, byteOffset, byteLength } of graph.layers.flatMap(({ name }) => weights.get(name) ?? []))
    writeFileSync(file, new Uint8Array(buffer, byteOffset, byteLength), { flag: 'a' });
  const { ofRange, channelWise } = task.recipe;
  const net = plainNet(text);
  const request = {
    ...{ threads: THREADS, batch: BATCH.TRAIN, weightDecay: WEIGHT_DECAY, ...task.solver },
    net: {
      ...net,
      plan: { ...net.plan, layers: net.plan.layers.map((layer) => ({ ...layer, channelWise })) },
      clips: Object.fromEntries(
        Object.entries(task.ranges).map(([name, { max, min }]) => [name, { max: max * ofRange, min: min * ofRange }]),
      ),
    },
  };
  const script = join(import.meta.dirname, 'torch-qat.py');
  const answer = execFileSync(torch.python, [script, file, task.idx], {
    ...{ input: JSON.stringify(request), env: torch.env, encoding: 'utf8' as const },
  });
  return JSON.parse(answer) as TorchResult;
}
