/**
 * Memory of a training that goes on: LeNet with ULQ and ARQ, batch 64, resident memory after 100 and after 1,000 steps.
 *
 *   node --expose-gc --conditions=@caffe-quant/source --import @swc-node/register/esm-register tools/benchmarks/train-memory.ts
 */
import { readFileSync } from 'node:fs';
import { buildNetGraph, readNetText, readSolverText } from '@caffe-quant/caffe-io';
import { initialWeights, Trainer } from '@caffe-quant/kernels';
import { planOf } from './nets.ts';

const NET = 'models/model/train_val.prototxt';
const { net } = readNetText(readFileSync(NET, 'utf8'), NET);
const { graph } = buildNetGraph(net, { file: NET, phase: 'TRAIN' });
const inputShapes = new Map([
  ['data', [64, 1, 28, 28]],
  ['label', [64]],
]);
const plan = planOf(graph);
const { solver } = readSolverText('base_lr: 0.001 lr_policy: "fixed" momentum: 0.9', 'solver');
const trainer = await Trainer.create({
  ...{ graph, solver, inputShapes, plan },
  weights: initialWeights(graph, inputShapes, 1),
  clips: new Map(plan.quantizers.map(({ name }) => [name, { max: 4, min: -4 }])),
});
const memoryAfter = async (steps: number): Promise<number> => {
  while (trainer.iteration < steps) {
    const data = Float32Array.from({ length: 64 * 784 }, (_, i) => Math.sin(i + trainer.iteration));
    const label = Float32Array.from({ length: 64 }, (_, i) => i % 10);
    await trainer.step(
      new Map([
        ['data', data],
        ['label', label],
      ]),
    );
  }
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
};
const [early, late] = [await memoryAfter(100), await memoryAfter(1000)];
await trainer.close();
console.log(
  `after 100 steps ${early.toFixed(0)} MiB, after 1,000 ${late.toFixed(0)} MiB, ratio ${(late / early).toFixed(3)}`,
);
