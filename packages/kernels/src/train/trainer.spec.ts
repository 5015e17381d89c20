import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNetGraph, readSolverText } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { calibrate } from '../calibrate/calibrate.ts';
import type { LayerQuantization } from '@caffe-quant/goldens';
import { readGoldens, type TensorRef } from '../testing/goldens.ts';
import { initialWeights } from '../fillers/initial-weights.ts';
import { smallBatch, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { Trainer } from './trainer.ts';
import type { StepResult } from './training.ts';

interface Trajectory {
  name: string;
  iterations: number;
  batch: number;
  batches: number;
  solver: string;
  net: string;
  quant: Record<string, LayerQuantization> | null;
  loss: number[];
  clip_used: Record<string, [number, number]>[];
  clip_grad: Record<string, [number, number]>[];
  scale: Record<string, number>[];
  o: Record<string, number>[];
  final_weights: Record<string, TensorRef[]>;
  blas_noise: { loss: number; clip: number; weights_rel: Record<string, number> };
}

interface TrajectoryHead {
  images: TensorRef;
  labels: TensorRef;
  start: Record<string, TensorRef[]>;
}

const goldens = readGoldens<Trajectory, TrajectoryHead>('small');
const { head } = goldens;
const pixels = goldens.u8(head.images);
const labels = goldens.u8(head.labels);

function planOf(golden: Trajectory): CanonicalPlan | undefined {
  if (!golden.quant) return undefined;
  const layers = Object.entries(golden.quant);
  const blobOf = (name: string) => graph.layers.find((layer) => layer.name === name)!.bottoms[0]!.id;
  return {
    batchNum: 1,
    layers: layers.map(([name, { channel_wise }]) => ({
      name,
      type: name.startsWith('conv') ? 'Convolution' : 'InnerProduct',
      quantizer: name,
      channelWise: channel_wise,
    })),
    quantizers: layers.map(([name, quant]) => ({
      name,
      blob: blobOf(name),
      layers: [name],
      ...(quant.ifmr ? {} : { clip: { max: Math.fround(quant.clip_max!), min: Math.fround(quant.clip_min!) } }),
      fixedMin: quant.fixed_min,
      lrMult: quant.clip_lr,
      decayMult: quant.clip_decay,
    })),
  };
}

/** The float net of all five: their own texts have AMCT's quantization layers in it, which the plan stands for here. */
const FLOAT_NET = goldens.cases.find(({ quant }) => quant === null)!.net;
const graph = buildNetGraph(parseNet(FLOAT_NET), { file: 'net.prototxt', phase: 'TRAIN' }).graph;

function batchOf(golden: Trajectory, index: number): Map<string, Float32Array> {
  const first = (index % golden.batches) * golden.batch;
  const size = 28 * 28;
  const data = Float32Array.from(
    pixels.subarray(first * size, (first + golden.batch) * size),
    (pixel) => pixel * 0.00390625,
  );
  return new Map([
    ['data', data],
    ['label', Float32Array.from(labels.subarray(first, first + golden.batch))],
  ]);
}

async function train(golden: Trajectory, threads?: number): Promise<{ trainer: Trainer; steps: StepResult[] }> {
  const weights = new Map(
    Object.entries(head.start).map(([layer, refs]) => [layer, refs.map((ref) => goldens.f32(ref))]),
  );
  const inputShapes = new Map([
    ['data', [golden.batch, 1, 28, 28]],
    ['label', [golden.batch]],
  ]);
  const plan = planOf(golden);
  const batch = (index: number) => Promise.resolve(batchOf(golden, index));
  const calibrated = plan ? await calibrate({ graph, inputShapes, weights, plan, batch }) : [];
  const trainer = await Trainer.create({
    graph,
    solver: readSolverText(golden.solver, 'solver.prototxt').solver,
    inputShapes,
    weights,
    ...(plan && { plan, clips: new Map(calibrated.map(({ name, clip }) => [name, clip])) }),
    ...(threads && { threads }),
  });
  const steps: StepResult[] = [];
  for (let i = 0; i < golden.iterations; i++) steps.push(await trainer.step(batchOf(golden, i)));
  return { trainer, steps };
}

describe("30 iterations follow Caffe's and AMCT's own", () => {
  test.each(goldens.cases.map((golden) => [golden.name, golden] as const))('%s', async (_name, golden) => {
    const { trainer, steps } = await train(golden);
    const noise = golden.blas_noise;
    steps.forEach(({ loss, clips }, i) => {
      expect(Math.abs(loss - golden.loss[i]!)).toBeLessThanOrEqual(Math.max(4 * noise.loss, 2e-6));
      for (const [name, { clip }] of clips) {
        const [max, min] = golden.clip_used[i]![name]!;
        const tolerance = Math.max(4 * noise.clip, 2e-5);
        expect(Math.abs(clip.max - max)).toBeLessThanOrEqual(tolerance);
        expect(Math.abs(clip.min - min)).toBeLessThanOrEqual(tolerance);
      }
    });
    for (const [name, { grid }] of steps[0]!.clips) {
      // A measured range depends on the last bits of the activations before it, a given one on nothing.
      const tolerance = golden.quant![name]!.ifmr ? 1e-6 : 0;
      expect(Math.abs(grid.scale / golden.scale[0]![name]! - 1)).toBeLessThanOrEqual(tolerance);
      expect(grid.offset).toBe(golden.o[0]![name]);
    }
    const final = await trainer.weights();
    for (const [layer, refs] of Object.entries(golden.final_weights)) {
      const start = goldens.f32(head.start[layer]![0]!);
      const expected = goldens.f32(refs[0]!);
      const actual = final.get(layer)![0]!;
      const norm = (difference: (i: number) => number) =>
        Math.sqrt(expected.reduce((sum, _, i) => sum + difference(i) ** 2, 0));
      const deviation = norm((i) => actual[i]! - expected[i]!) / norm((i) => expected[i]! - start[i]!);
      expect([layer, deviation <= Math.max(2 * noise.weights_rel[layer]!, 4e-6)]).toEqual([layer, true]);
    }
    await trainer.close();
  });
});

test('the same bytes again, and with 2, 3 and 4 threads', async () => {
  const golden = goldens.cases.find(({ name }) => name === 'small_ifmr_fixm_clipdecay0')!;
  const one = await train(golden, 1);
  for (const threads of [1, 2, 3, 4]) {
    const several = await train(golden, threads);
    expect([...(await several.trainer.weights())]).toEqual([...(await one.trainer.weights())]);
    expect(several.steps).toEqual(one.steps);
  }
});

test('training goes on from a snapshot on disk as if it had never stopped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  const solver = readSolverText('base_lr: 0.01 lr_policy: "fixed" momentum: 0.9', 'solver.prototxt').solver;
  const graph = smallGraph('TRAIN');
  const options = {
    graph,
    solver,
    inputShapes: smallShapes(8),
    weights: initialWeights(graph, smallShapes(8), 5),
    plan: smallPlan(),
    clips: new Map([
      ['conv', { max: 1, min: -1 }],
      ['ip', { max: 1, min: 0 }],
    ]),
  };
  const through = await Trainer.create(options);
  for (let i = 0; i < 5; i++) await through.step(smallBatch(i * 8, 8));
  await writeSnapshot(folder, await through.snapshot());
  for (let i = 5; i < 10; i++) await through.step(smallBatch(i * 8, 8));

  const resumed = await Trainer.create({ ...options, weights: initialWeights(graph, smallShapes(8), 6) });
  resumed.restore(await readSnapshot(folder));
  expect(resumed.iteration).toBe(5);
  for (let i = 5; i < 10; i++) await resumed.step(smallBatch(i * 8, 8));
  expect([...(await resumed.weights())]).toEqual([...(await through.weights())]);
  expect([...resumed.clips()]).toEqual([...through.clips()]);
  await Promise.all([through.close(), resumed.close()]);
  rmSync(folder, { recursive: true });
});

describe('trouble in training', () => {
  const start = async (solverText: string, clip = { max: 1, min: -1 }) => {
    const train = smallGraph('TRAIN');
    return Trainer.create({
      graph: train,
      solver: readSolverText(solverText, 'solver.prototxt').solver,
      inputShapes: smallShapes(8),
      weights: initialWeights(train, smallShapes(8), 5),
      plan: smallPlan(),
      clips: new Map([
        ['conv', clip],
        ['ip', { max: 1, min: 0 }],
      ]),
    });
  };

  test('NaN in the input of a quantizer is an error that names its layer, though the quantizer would hide it', async () => {
    const trainer = await start('base_lr: 0.01 lr_policy: "fixed"');
    const batch = smallBatch(0, 8);
    batch.get('data')![3] = Number.NaN;
    await expect(trainer.step(batch)).rejects.toThrow(
      /layer .in.: the data are not finite: of blob 'data' \(\[8, 1, 6, 6\]\) element \[0, 0, 0, 3\] is NaN, in iteration 0/,
    );
    await trainer.close();
  });

  test('a diverging run ends in an error, not in a model', async () => {
    const trainer = await start('base_lr: 1e38 lr_policy: "fixed"');
    const run = async () => {
      for (let i = 0; i < 10; i++) await trainer.step(smallBatch(i * 8, 8));
    };
    await expect(run()).rejects.toThrow(
      /not finite.* in iteration \d with the learning rate 1e\+38\n.*a tenth of base_lr/,
    );
    await trainer.close();
  });

  test('a range that an update turns over is restored, and the step says so', async () => {
    const trainer = await start('base_lr: 10 lr_policy: "fixed"', { max: 0.02, min: -0.02 });
    let restored = 0;
    for (let i = 0; i < 12; i++) {
      const { clips } = await trainer.step(smallBatch(i * 8, 8));
      for (const { clip, restored: was } of clips.values()) {
        restored += was ? 1 : 0;
        expect(clip.max).toBeGreaterThan(clip.min);
      }
    }
    expect(restored).toBeGreaterThan(0);
    await trainer.close();
  });
});
