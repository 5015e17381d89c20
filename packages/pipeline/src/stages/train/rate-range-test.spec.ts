import { readFileSync } from 'node:fs';
import type { Batch, TrainerSnapshot } from '@caffe-quant/kernels';
import type { TrainingResult } from '@caffe-quant/report';
import { runAll } from '../../testing/run-all.ts';
import { smallProject, SMALL_PROJECT } from '../../testing/small-project.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { rateRangeTest } from './rate-range-test.ts';

const folder = temporaryFolder();
const { signal } = new AbortController();
/** Batches whose losses k (w - c)² / 2 have their minimum at c = 1, -1, 1, ... */
const batchOf = (index: number): Promise<Batch> =>
  Promise.resolve(new Map([['c', Float32Array.of(index % 2 === 0 ? 1 : -1)]]));

/** Gradient descent on them, from the minimum of their sum; no rate above 2 / k is stable. */
class Parabolas {
  rateFactor = 0;
  readonly iterSize = 1;
  #w = 0;
  readonly #k: number;
  constructor(k: number) {
    this.#k = k;
  }
  snapshot = () => Promise.resolve({ iteration: 0, tensors: new Map([['w', Float32Array.of(this.#w)]]), lastGood: {} });
  restore = ({ tensors }: TrainerSnapshot) => void (this.#w = tensors.get('w')![0]!);
  step = (batch: Batch) => {
    const distance = this.#w - batch.get('c')![0]!;
    this.#w -= this.rateFactor * this.#k * distance;
    const loss = Math.max(this.#k, 1e-3) * distance ** 2;
    return Promise.resolve({ iteration: 0, loss, learningRate: this.rateFactor, clips: new Map() });
  };
}

const testOf = (k: number) => rateRangeTest(new Parabolas(k), batchOf, signal);

test.each([1e-1, 1, 1e4])(
  'the limit is near where descent becomes unstable, whatever the scale of the loss: curvature %d',
  async (k) => {
    const { limit, baseLr, tried } = await testOf(k);
    expect(limit * k).toBeGreaterThan(0.02);
    expect(limit * k).toBeLessThan(2);
    expect(limit / baseLr).toBeGreaterThan(900);
    expect(limit / baseLr).toBeLessThan(1100);
    expect(tried[0]!.rate).toBe(1e-9);
  },
);

test.each([
  ['every one makes it worse', 1e12],
  ['none up to 100 makes it worse', 0],
])('where %s, base_lr has to be written', async (message, k) => {
  await expect(testOf(k)).rejects.toMatchObject({
    diagnostics: [{ code: 'no-base-lr', message: expect.stringContaining(message) as string }],
  });
});

test('a solver without base_lr is given one from the data; log, report and both trainings have the same', async () => {
  const solver = SMALL_PROJECT['solver.prototxt']!.replace('base_lr: 0.001\n', '');
  const place = smallProject(folder.path, { 'solver.prototxt': solver });
  const run = await runAll(place);
  expect(run.errors).toBe('');
  const { rateTest } = run.json<TrainingResult>('train/training.json');
  const { baseLr, limit } = rateTest!;
  expect(limit).toBeGreaterThan(baseLr);
  const [step] = readFileSync(run.file('train/metrics.jsonl'), 'utf8').split('\n');
  expect((JSON.parse(step!) as { learningRate: number }).learningRate).toBeCloseTo(baseLr, 9);
  expect(run.printed.split(`base_lr ${baseLr}, since the solver has none`)).toHaveLength(3);
  expect(readFileSync(run.file('retrain/small_report.html'), 'utf8')).toContain('base_lr was found to be');
  // Another number of iterations asks nothing anew.
  const longer = await runAll(place, { maxIter: 21 });
  expect(longer.json<TrainingResult>('train/training.json').rateTest).toEqual(rateTest);
  const given = await runAll(place, { baseLr: 0.001 });
  expect(given.json<TrainingResult>('train/training.json').rateTest).toBeUndefined();
});
