import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNetGraph, readSolverText, type NetGraph } from '@caffe-quant/caffe-io';
import { initialWeights } from '../fillers/initial-weights.ts';
import type { NetWeights } from '../net/net-params.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { smallBatch, smallGraph, smallShapes } from '../testing/small-net.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { Trainer } from './trainer.ts';
import type { StepResult } from './training.ts';

/** What forks of Caffe let a solver do, on a small net; the numbers are computed here from what plain SGD does. */

const BATCH = 8;
const graph = smallGraph('TRAIN');
const inputShapes = smallShapes(BATCH);
const start = initialWeights(graph, inputShapes, 5);

async function open(text: string, net: NetGraph = graph, weights = start): Promise<Trainer> {
  const { solver, diagnostics } = readSolverText(text, 'solver.prototxt');
  expect(diagnostics).toEqual([]);
  return Trainer.create({ graph: net, solver, inputShapes, weights });
}

async function advance(trainer: Trainer, until: number): Promise<StepResult[]> {
  const steps: StepResult[] = [];
  while (trainer.iteration < until) {
    const first = trainer.iteration * trainer.iterSize;
    const batches = Array.from({ length: trainer.iterSize }, (_, i) => smallBatch((first + i) * BATCH, BATCH));
    steps.push(await trainer.step(...batches));
  }
  return steps;
}

/** All blobs after some iterations, in the order of the net. */
async function train(text: string, iterations: number, net = graph): Promise<number[][]> {
  const trainer = await open(text, net);
  await advance(trainer, iterations);
  const blobs = [...(await trainer.weights()).values()].flat().map((blob) => [...blob]);
  await trainer.close();
  return blobs;
}

const RATE = 0.5;
const SGD = `base_lr: ${RATE} lr_policy: "fixed" max_iter: 4`;
const before = [...start.values()].flat().map((blob) => [...blob]);
const norm = (values: number[]): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));

/** The gradients of the first iteration, from a step of plain SGD. */
async function firstGradients(): Promise<number[][]> {
  const after = await train(SGD, 1);
  return before.map((blob, i) => blob.map((w, k) => (w - after[i]![k]!) / RATE));
}

function expectClose(actual: number[][], expected: number[][]): void {
  const difference = actual.map((blob, i) => blob.map((w, k) => w - expected[i]![k]!));
  expect(norm(difference.flat()) / norm(expected.flat())).toBeLessThan(3e-7);
}

describe('one iteration', () => {
  test('local_lr_auto: each blob learns at a rate of its own norms', async () => {
    const gradients = await firstGradients();
    const [ratio, decay] = [0.02, 0.25];
    const expected = before.map((blob, i) => {
      const gradient = gradients[i]!;
      const areBoth = norm(blob) > 0 && norm(gradient) > 0;
      const local = areBoth ? (ratio * norm(blob)) / (norm(gradient) + decay * norm(blob)) : 1;
      return blob.map((w, k) => w - RATE * local * (gradient[k]! + decay * w));
    });
    expect(before.some((blob) => norm(blob) === 0)).toBe(true);
    expectClose(await train(`${SGD} weight_decay: ${decay} local_lr_auto: true local_gw_ratio: ${ratio}`, 1), expected);
  });

  test('larc: so it does, less by the momentum', async () => {
    const gradients = await firstGradients();
    const expected = before.map((blob, i) => {
      const local = norm(blob) > 0 ? (0.25 * 0.02 * norm(blob)) / norm(gradients[i]!) : 1;
      return blob.map((w, k) => w - RATE * local * gradients[i]![k]!);
    });
    expectClose(await train(`${SGD} momentum: 0.75 larc: true larc_eta: 0.02`, 1), expected);
  });

  test('clip_weights: the step is subtracted from weights scaled down to the norm', async () => {
    const gradients = await firstGradients();
    const factor = 1 / norm(before.flat());
    expect(factor).toBeLessThan(1);
    const expected = before.map((blob, i) => blob.map((w, k) => w * factor - RATE * gradients[i]![k]!));
    expectClose(await train(`${SGD} clip_weights: 1`, 1), expected);
    expectClose(await train(`${SGD} clip_weights: 1000`, 1), await train(SGD, 1));
  });

  test('clamp_weights: the step is subtracted from weights within the bounds', async () => {
    const gradients = await firstGradients();
    const clamp = (w: number) => Math.min(Math.max(w, -0.125), 0.0625);
    const expected = before.map((blob, i) => blob.map((w, k) => clamp(w) - RATE * gradients[i]![k]!));
    expectClose(await train(`${SGD} clamp_weights_lower: -0.125 clamp_weights_upper: 0.0625`, 1), expected);
  });
});

test('blobs that do not learn are held to the bounds as well', async () => {
  const text = `
    layer { name: "in" type: "Input" top: "data" top: "label" }
    layer { name: "norm" type: "BatchNorm" bottom: "data" top: "norm" }
    layer { name: "ip" type: "InnerProduct" bottom: "norm" top: "ip" param { lr_mult: 0 } param { lr_mult: 1 }
            inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }`;
  const { graph: net } = buildNetGraph(parseNet(text), { file: 'net.prototxt', phase: 'TRAIN' });
  const weights = initialWeights(net, inputShapes, 5);
  const bounded = await open(`${SGD} clamp_weights_upper: 0.03125`, net, weights);
  const free = await open(SGD, net, weights);
  await Promise.all([advance(bounded, 1), advance(free, 1)]);
  const frozen = [...weights.get('ip')![0]!];
  expect(Math.max(...frozen)).toBeGreaterThan(0.03125);
  expect([...(await bounded.weights()).get('ip')![0]!]).toEqual(frozen.map((w) => Math.min(w, 0.03125)));
  const statistics = (await free.weights()).get('norm')!.map((blob) => [...blob]);
  expect(Math.max(...statistics.flat())).toBeGreaterThan(0.03125);
  const held = statistics.map((blob) => blob.map((x) => Math.min(x, 0.03125)));
  expect((await bounded.weights()).get('norm')!.map((blob) => [...blob])).toEqual(held);
  await Promise.all([bounded.close(), free.close()]);
});

test('weight_decay_policy poly: the decay goes to max_weight_decay', async () => {
  const decays = [0.25, 0.375, 0.5];
  // One trainer an iteration, each with a fixed decay, from the weights of the one before.
  let weights: NetWeights = start;
  for (const [iteration, decay] of decays.entries()) {
    const trainer = await open(`${SGD} weight_decay: ${decay}`, graph, weights);
    await trainer.step(smallBatch(iteration * BATCH, BATCH));
    weights = await trainer.weights();
    await trainer.close();
  }
  const actual = await train(`${SGD} weight_decay: 0.25 weight_decay_policy: "poly" max_weight_decay: 0.75`, 3);
  expect(actual).toEqual([...weights.values()].flat().map((blob) => [...blob]));
});

describe('lr_policy plateau', () => {
  const ITERATIONS = 24;
  const WINDOWS = [2, 3, 4];

  /** Caffe's own words, one iteration at a time: the rates that losses lead to. */
  function ratesOf(losses: number[], base: number, averageLoss: number, warmUp = 0): number[] {
    const { fround } = Math;
    let [mean, minimum, lastEvent, falls] = [0, Infinity, 0, 0];
    const kept: number[] = [];
    return losses.map((loss, iteration) => {
      if (kept.length < averageLoss) {
        kept.push(loss);
        mean = fround(fround(fround(mean * (kept.length - 1)) + loss) / kept.length);
      } else {
        const oldest = iteration % averageLoss;
        mean = fround(mean + fround(fround(loss - kept[oldest]!) / averageLoss));
        kept[oldest] = loss;
      }
      if (iteration < warmUp) return (iteration * base) / warmUp;
      if (mean < minimum) [minimum, lastEvent] = [mean, iteration];
      if (falls < WINDOWS.length && iteration >= lastEvent + WINDOWS[falls]!)
        [falls, lastEvent] = [falls + 1, iteration];
      return base * 0.5 ** falls;
    });
  }

  const plateau = (average: number, more = '') =>
    `base_lr: 1.5 lr_policy: "plateau" gamma: 0.5 max_iter: 99 average_loss: ${average} momentum: 0.5 ${more} ` +
    WINDOWS.map((window) => `plateau_winsize: ${window}`).join(' ');

  test.each([
    ['the loss of each iteration', 1, '', 0],
    ['a mean over three', 3, '', 0],
    ['two batches an iteration', 2, 'iter_size: 2', 0],
    ['a warm-up before', 1, 'warmup_iter: 4', 4],
  ])('%s decides its rate', async (_, average, more, warmUp) => {
    const trainer = await open(plateau(average, more));
    const steps = await advance(trainer, ITERATIONS);
    const rates = steps.map(({ learningRate }) => learningRate);
    const expected = ratesOf(
      steps.map(({ loss }) => loss),
      1.5,
      average,
      warmUp,
    );
    rates.forEach((rate, i) => expect(rate).toBeCloseTo(expected[i]!, 6));
    expect(Math.min(...rates.slice(warmUp))).toBeLessThan(1);
    const stages = rates.map((rate, i) => `stagelr: ${rate} stageiter: ${i}`).join(' ');
    const iterSize = more.startsWith('iter_size') ? more : '';
    const staged = await open(`base_lr: 1 lr_policy: "multifixed" momentum: 0.5 ${iterSize} ${stages}`);
    await advance(staged, ITERATIONS);
    expect([...(await trainer.weights())]).toEqual([...(await staged.weights())]);
    await Promise.all([trainer.close(), staged.close()]);
  });

  test('a training that is resumed between two falls goes on with the same bytes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plateau-'));
    const through = await open(plateau(3));
    await advance(through, 9);
    await writeSnapshot(folder, await through.snapshot());
    const rest = await advance(through, ITERATIONS);
    const resumed = await open(plateau(3), graph, initialWeights(graph, inputShapes, 6));
    resumed.restore(await readSnapshot(folder));
    expect(await advance(resumed, ITERATIONS)).toEqual(rest);
    expect([...(await resumed.weights())]).toEqual([...(await through.weights())]);
    await Promise.all([through.close(), resumed.close()]);
    rmSync(folder, { recursive: true });
  });
});
