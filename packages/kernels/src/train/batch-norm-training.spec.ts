import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildNetGraph, readSolverText } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import { initialWeights } from '../fillers/initial-weights.ts';
import { relativeError } from '../testing/goldens.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { smallBatch, smallShapes } from '../testing/small-net.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { Trainer } from './trainer.ts';

/** A net with BatchNorm and Scale behind a quantized convolution. */
const { graph } = buildNetGraph(
  parseNet(`
    name: "normalized"
    layer { name: "in" type: "Input" top: "data" top: "label" }
    layer { name: "conv" type: "Convolution" bottom: "data" top: "conv"
            convolution_param { num_output: 3 kernel_size: 3 bias_term: false weight_filler { type: "xavier" } } }
    layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" batch_norm_param { moving_average_fraction: 0.75 } }
    layer { name: "scale" type: "Scale" bottom: "conv" top: "conv" scale_param { bias_term: true } }
    layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
    layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip"
            inner_product_param { num_output: 4 weight_filler { type: "xavier" } } }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }`),
  { file: 'normalized.prototxt', phase: 'TRAIN' },
);

const BATCH = 8;
const SHAPES = smallShapes(BATCH);
const FINAL_BLOB = graph.layers.find(({ name }) => name === 'ip')!.bottoms[0]!.id;

const PLAN: CanonicalPlan = {
  batchNum: 1,
  layers: [
    { name: 'conv', type: 'Convolution', quantizer: 'conv', channelWise: true },
    { name: 'ip', type: 'InnerProduct', quantizer: 'ip', channelWise: false },
  ],
  quantizers: ['conv', 'ip'].map((name) => ({
    name,
    blob: name === 'conv' ? 'data' : FINAL_BLOB,
    layers: [name],
    fixedMin: name === 'ip',
    lrMult: 1,
    decayMult: 0,
  })),
};
const CLIPS = new Map<string, ClipRange>([
  ['conv', { max: 1.5, min: -0.5 }],
  ['ip', { max: 3, min: 0 }],
]);

interface Settings {
  solver?: string;
  float?: boolean;
  seed?: number;
  threads?: number;
}

function open({ solver = '', float = false, seed = 5, threads }: Settings = {}): Promise<Trainer> {
  return Trainer.create({
    graph,
    solver: readSolverText(`base_lr: 0.05 lr_policy: "fixed" momentum: 0.9 weight_decay: 0.001 ${solver}`, 's').solver,
    inputShapes: SHAPES,
    weights: initialWeights(graph, SHAPES, seed),
    ...(float ? {} : { plan: PLAN, clips: CLIPS }),
    ...(threads && { threads }),
  });
}

/** Trains the iterations from `from` to `to`, each on batches of its own. */
async function train(trainer: Trainer, from: number, to: number, sameBatch = false): Promise<number[]> {
  const losses: number[] = [];
  for (let i = from; i < to; i++) {
    const batches = Array.from({ length: trainer.iterSize }, (_, k) =>
      smallBatch(sameBatch ? 0 : (i * trainer.iterSize + k) * BATCH, BATCH),
    );
    losses.push((await trainer.step(...batches)).loss);
  }
  return losses;
}

const bytesOf = async (trainer: Trainer) =>
  [...(await trainer.weights())].map(([layer, blobs]) => [
    layer,
    blobs.map((blob) => [...new Uint32Array(blob.slice().buffer)]),
  ]);

describe('a net with BatchNorm', () => {
  test.each<[string, Settings]>([
    ['quantized', {}],
    ['quantized, iter_size 2', { solver: 'iter_size: 2' }],
    ['float', { float: true }],
  ])('%s: a restored run ends in the same bytes as one that went through', async (_name, settings) => {
    const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
    const through = await open(settings);
    await train(through, 0, 4);
    await writeSnapshot(folder, await through.snapshot());
    const losses = await train(through, 4, 9);

    const resumed = await open({ ...settings, seed: 6 });
    resumed.restore(await readSnapshot(folder));
    expect(resumed.iteration).toBe(4);
    expect(await train(resumed, 4, 9)).toEqual(losses);
    expect(await bytesOf(resumed)).toEqual(await bytesOf(through));
    expect([...resumed.clips()]).toEqual([...through.clips()]);
    await Promise.all([through.close(), resumed.close()]);
    rmSync(folder, { recursive: true });
  });

  test('its statistics are part of what is restored', async () => {
    const trainer = await open();
    await train(trainer, 0, 3);
    const snapshot = await trainer.snapshot();
    const statistics = (await trainer.weights()).get('bn')!.map((blob) => [...blob]);
    await train(trainer, 3, 5);
    expect((await trainer.weights()).get('bn')!.map((blob) => [...blob])).not.toEqual(statistics);
    trainer.restore(snapshot);
    expect((await trainer.weights()).get('bn')!.map((blob) => [...blob])).toEqual(statistics);
    await trainer.close();
  });

  test.each([2, 3])('gives the same bytes with %d threads', async (threads) => {
    const [one, several] = [await open({ threads: 1 }), await open({ threads })];
    expect(await train(several, 0, 4)).toEqual(await train(one, 0, 4));
    expect(await bytesOf(several)).toEqual(await bytesOf(one));
    await Promise.all([one.close(), several.close()]);
  });
});

describe('iter_size 2', () => {
  const statisticsAfter = async (solver: string, steps: number, sameBatch: boolean): Promise<number[][]> => {
    const trainer = await open({ solver, float: true });
    await train(trainer, 0, steps, sameBatch);
    const blobs = (await trainer.weights()).get('bn')!.map((blob) => [...blob]);
    await trainer.close();
    return blobs;
  };

  test('moves the statistics once for each of its two batches, as Caffe does', async () => {
    // In the first iteration the weights are those of the start for both batches.
    const [mean, variance, factor] = (await statisticsAfter('iter_size: 2', 1, true)) as [number[], number[], number[]];
    const [once, onceVariance, onceFactor] = (await statisticsAfter('', 1, true)) as [number[], number[], number[]];
    expect(onceFactor).toEqual([1]);
    expect(factor).toEqual([1.75]);
    mean.forEach((value, c) => expect(value).toBeCloseTo(1.75 * once[c]!, 5));
    variance.forEach((value, c) => expect(value).toBeCloseTo(1.75 * onceVariance[c]!, 5));
  });

  test('of the same batch twice makes the step of one, ranges and weights alike', async () => {
    const [once, twice] = [await open(), await open({ solver: 'iter_size: 2' })];
    for (const trainer of [once, twice]) await train(trainer, 0, 1, true);
    for (const [name, clip] of once.clips()) {
      expect(twice.clips().get(name)!.max).toBeCloseTo(clip.max, 6);
      expect(twice.clips().get(name)!.min).toBeCloseTo(clip.min, 6);
      expect(clip.max).not.toBe(CLIPS.get(name)!.max);
    }
    for (const layer of ['conv', 'scale', 'ip']) {
      const blobs = (await twice.weights()).get(layer)!;
      (await once.weights())
        .get(layer)!
        .forEach((blob, i) => expect(relativeError(blobs[i]!, blob)).toBeLessThan(1e-6));
    }
    await Promise.all([once.close(), twice.close()]);
  });

  test('of two batches, the second moves what the first left', async () => {
    const [, , factor] = (await statisticsAfter('iter_size: 2', 3, false)) as [number[], number[], number[]];
    // 1 + 0.75 (1 + 0.75 (..)) over six batches.
    expect(factor[0]).toBeCloseTo((1 - 0.75 ** 6) / 0.25, 5);
  });
});
