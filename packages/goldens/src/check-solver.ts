import { buildNetGraph } from '@caffe-quant/caffe-io';
import { learningRate, rateSchedule, Trainer } from '@caffe-quant/kernels';
import type { Comparison } from './comparison.ts';
import type { GoldenSet, TensorRef } from './golden-set.ts';
import { GOLDEN_LIMITS } from './limits.ts';
import { parseNet, parseSolver } from './parse-net.ts';

export interface LearningRateCase {
  name: string;
  solver: string;
  lr: number[];
}

export interface SolverCase extends LearningRateCase {
  net: string;
  batches: TensorRef[][];
  init: Record<string, TensorRef[]>;
  /** Layer and index of each blob in `weights_after`, one after the other. */
  param_order: [string, number][];
  loss_last_forward: number[];
  weights_after: TensorRef;
}

/** pow and exp of C and of JavaScript may differ in the last bit. */
const RATE_LIMIT = 3e-7;

export function checkLearningRate(golden: LearningRateCase, comparison: Comparison): void {
  const schedule = rateSchedule(parseSolver(golden.solver));
  const rates = golden.lr.map((_, iteration) => learningRate(schedule, iteration));
  const errors = rates.map((rate, i) => (rate === golden.lr[i] ? 0 : Math.abs(rate / golden.lr[i]! - 1)));
  comparison.add('lr', Math.max(...errors), RATE_LIMIT);
}

/** The weights after each of some iterations of a small net, each iteration with the next batches. */
export async function checkSolver(
  golden: SolverCase,
  set: GoldenSet<SolverCase>,
  comparison: Comparison,
): Promise<void> {
  const { graph } = buildNetGraph(parseNet(golden.net), { file: 'net.prototxt', phase: 'TRAIN' });
  const names = graph.layers[0]!.tops.map(({ name }) => name);
  const trainer = await Trainer.create({
    graph,
    solver: parseSolver(golden.solver),
    inputShapes: new Map(names.map((name, i) => [name, golden.batches[0]![i]!.shape])),
    weights: new Map(Object.entries(golden.init).map(([layer, refs]) => [layer, refs.map((ref) => set.f32(ref))])),
    device: comparison.device,
    // The reference is what is compared with, not the processor.
    checksDevice: false,
  });
  try {
    let forward = 0;
    const nextBatch = () => {
      const refs = golden.batches[forward++ % golden.batches.length]!;
      return new Map(names.map((name, i) => [name, set.f32(refs[i]!)]));
    };
    const limits = GOLDEN_LIMITS.solver;
    const expected = set.f32(golden.weights_after);
    const width = golden.weights_after.shape[1]!;
    for (let i = 0; i < golden.lr.length; i++) {
      const step = await trainer.step(...Array.from({ length: trainer.iterSize }, nextBatch));
      comparison.relative(`lr of iteration ${i}`, [step.learningRate], [golden.lr[i]!], RATE_LIMIT);
      // Caffe's loss is that of the last batch alone, the trainer's the mean over them.
      const loss = golden.loss_last_forward[i]!;
      if (trainer.iterSize === 1) comparison.within(`loss of iteration ${i}`, [step.loss], [loss], limits.loss);
      const weights = await trainer.weights();
      const all = golden.param_order.flatMap(([layer, index]) => [...weights.get(layer)![index]!]);
      const after = expected.subarray(i * width, (i + 1) * width);
      comparison.within(`weights after iteration ${i}`, all, after, limits['weights after every step']);
    }
  } finally {
    await trainer.close();
  }
}
