import { buildNetGraph, readSolverText } from '@caffe-quant/caffe-io';
import { readGoldens, relativeError, type TensorRef } from '../testing/goldens.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { Trainer } from '../train/trainer.ts';

interface SolverCase {
  name: string;
  solver: string;
  net: string;
  batches: [TensorRef, TensorRef][];
  init: Record<string, TensorRef[]>;
  param_order: [string, number][];
  lr: number[];
  loss_last_forward: number[];
  weights_after: TensorRef;
}

const goldens = readGoldens<SolverCase>('solver');

/** Ten iterations of float32 sums in another order; Adam's and AdaDelta's first steps divide by almost nothing. */
const TOLERANCE = 5e-6;

describe("10 iterations equal Caffe's", () => {
  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))('%s', async (_name, golden) => {
    const { graph } = buildNetGraph(parseNet(golden.net), { file: 'net.prototxt', phase: 'TRAIN' });
    const names = graph.layers[0]!.tops.map(({ name }) => name);
    const trainer = await Trainer.create({
      graph,
      solver: readSolverText(golden.solver, 'solver.prototxt').solver,
      inputShapes: new Map(names.map((name, i) => [name, golden.batches[0]![i]!.shape])),
      weights: new Map(
        Object.entries(golden.init).map(([layer, refs]) => [layer, refs.map((ref) => goldens.f32(ref))]),
      ),
    });
    let forward = 0;
    const nextBatch = () => {
      const refs = golden.batches[forward++ % golden.batches.length]!;
      return new Map(names.map((name, i) => [name, goldens.f32(refs[i]!)]));
    };
    const expected = goldens.f32(golden.weights_after);
    const width = golden.weights_after.shape[1]!;
    for (let i = 0; i < golden.lr.length; i++) {
      const { loss, learningRate } = await trainer.step(...Array.from({ length: trainer.iterSize }, nextBatch));
      expect(learningRate).toBeCloseTo(golden.lr[i]!, 7);
      if (trainer.iterSize === 1) expect(Math.abs(loss / golden.loss_last_forward[i]! - 1)).toBeLessThan(2e-5);
      const weights = await trainer.weights();
      const all = golden.param_order.flatMap(([layer, index]) => [...weights.get(layer)![index]!]);
      expect(relativeError(all, expected.subarray(i * width, (i + 1) * width))).toBeLessThan(TOLERANCE);
    }
    await trainer.close();
  });
});
