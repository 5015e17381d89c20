import { readSolverText } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { smallBatch, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { Trainer } from './trainer.ts';

/** How clip ranges learn: by steps of their own, or by the solver's where the plan says by which multiple of its rate. */
const graph = smallGraph('TRAIN');
const weights = initialWeights(graph, smallShapes(8), 5);

const planOf = (lrMult: number | undefined): CanonicalPlan => {
  const plan = smallPlan();
  return {
    ...plan,
    quantizers: plan.quantizers.map(({ lrMult: _, ...quantizer }) => ({
      ...quantizer,
      ...(lrMult !== undefined && { lrMult }),
    })),
  };
};

/** A training from ranges far tighter than the blobs: the data go from -0.5 to 1.5. */
const open = (solverText: string, lrMult?: number) =>
  Trainer.create({
    graph,
    solver: readSolverText(`lr_policy: "fixed" ${solverText}`, 'solver.prototxt').solver,
    inputShapes: smallShapes(8),
    weights,
    plan: planOf(lrMult),
    clips: new Map([
      ['conv', { max: 0.1, min: -0.1 }],
      ['ip', { max: 0.1, min: 0 }],
    ]),
  });

async function widthsAfter(iterations: number, trainer: Trainer): Promise<Record<string, number>> {
  for (let i = 0; i < iterations; i++) await trainer.step(smallBatch(i * 8, 8));
  return Object.fromEntries([...trainer.clips()].map(([name, { max, min }]) => [name, max - min]));
}

test.each([
  ['SGD with a low rate', 'base_lr: 1e-5 momentum: 0.9'],
  ['SGD with a higher one, in batches of two', 'base_lr: 1e-3 momentum: 0.9 iter_size: 2'],
  ['Adam', 'type: "Adam" base_lr: 1e-4 momentum: 0.9 momentum2: 0.999'],
  ['gradients scaled down together', 'base_lr: 1e-4 clip_gradients: 1e-3'],
])('a far too tight range widens within 40 iterations: %s', async (_, solver) => {
  const trainer = await open(solver);
  const [data, own] = [(i: number) => smallBatch(i * 8, 8), trainer.iterSize];
  for (let i = 0; i < 40; i++) await trainer.step(...Array.from({ length: own }, (__, k) => data(i * own + k)));
  const { max, min } = trainer.clips().get('conv')!;
  expect(max - min).toBeGreaterThan(0.25);
  await trainer.close();
});

test('the first step moves a range by a hundredth of its width, the second by twice that at most', async () => {
  const trainer = await open('base_lr: 1e-4');
  const { conv } = await widthsAfter(1, trainer);
  // Both ends share the hundredth.
  expect(conv! - 0.2).toBeGreaterThan(0.002);
  expect(conv! - 0.2).toBeLessThanOrEqual(0.002 * Math.SQRT2 + 1e-7);
  expect((await widthsAfter(1, trainer))['conv']! - conv!).toBeLessThanOrEqual(0.02 * Math.SQRT2 * conv! + 1e-7);
  await trainer.close();
});

test("with a multiple ranges learn by the solver's own steps, and 0 keeps them where they are", async () => {
  const [solver, still] = [await open('base_lr: 1e-5', 1), await open('base_lr: 1e-5', 0)];
  const after = await widthsAfter(5, solver);
  expect(Math.abs(after['ip']! - 0.1)).toBeLessThan(1e-4);
  expect(after['ip']).not.toBe(Math.fround(0.1));
  expect(await widthsAfter(5, still)).toEqual({ conv: Math.fround(0.1) * 2, ip: Math.fround(0.1) });
  await Promise.all([solver.close(), still.close()]);
});

test('a rate factor slows weights and ranges alike', async () => {
  const [full, slow] = [await open('base_lr: 1e-4'), await open('base_lr: 1e-4')];
  slow.rateFactor = 0.1;
  const rates = [await full.step(smallBatch(0, 8)), await slow.step(smallBatch(0, 8))].map((step) => step.learningRate);
  expect(rates[1]! / rates[0]!).toBeCloseTo(0.1, 6);
  const moved = (trainer: Trainer) => trainer.clips().get('ip')!.max - 0.1;
  expect(moved(slow) / moved(full)).toBeCloseTo(0.1, 3);
  const distance = async (trainer: Trainer) => {
    const [now, before] = [(await trainer.weights()).get('ip')![0]!, weights.get('ip')![0]!];
    return now.reduce((sum, value, i) => sum + Math.abs(value - before[i]!), 0);
  };
  expect((await distance(slow)) / (await distance(full))).toBeCloseTo(0.1, 1);
  await Promise.all([full.close(), slow.close()]);
});

test('training goes on from a snapshot as if it had never stopped', async () => {
  const [through, resumed] = [await open('base_lr: 1e-3 momentum: 0.9'), await open('base_lr: 1e-3 momentum: 0.9')];
  await widthsAfter(5, through);
  resumed.restore(await through.snapshot());
  expect(await widthsAfter(5, resumed)).toEqual(await widthsAfter(5, through));
  await Promise.all([through.close(), resumed.close()]);
});
