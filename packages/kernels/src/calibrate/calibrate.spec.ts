import { DiagnosticsError } from 'caffe-prototxt-parser';
import { initialWeights } from '../fillers/initial-weights.ts';
import { NetRunner } from '../net/net-runner.ts';
import { searchRange } from '../quantizers/ifmr.ts';
import { smallBatch, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { calibrate } from './calibrate.ts';
import { histogramOf } from './histogram.ts';

const graph = smallGraph('TRAIN');
const weights = initialWeights(graph, smallShapes(8), 3);
const batch = (index: number) => Promise.resolve(smallBatch(index * 8, 8));
const run = (plan: ReturnType<typeof smallPlan>, from = batch) =>
  calibrate({ graph, inputShapes: smallShapes(8), weights, plan, batch: from });

test('each quantizer sees inputs whose upstream layers are quantized already', async () => {
  const [conv, ip] = await run(smallPlan());
  const first = smallBatch(0, 8);
  const { clipMax, clipMin } = searchRange(first.get('data')!);
  expect(conv).toMatchObject({ name: 'conv', clip: { max: clipMax, min: clipMin }, origin: 'ifmr' });

  const inputOfIp = async (quantized: boolean) => {
    const clips = new Map(quantized ? [['conv', conv!.clip]] : []);
    const options = { graph, weights, inputShapes: smallShapes(8), plan: smallPlan(), clips, outputs: ['conv@1'] };
    const runner = await NetRunner.create({ ...options, until: 'conv@1' });
    const values = (await runner.run(first)).get('conv@1')!.data;
    await runner.close();
    return values;
  };
  expect(ip!.clip.max).toBe(searchRange(await inputOfIp(true)).clipMax);
  expect(ip!.clip.max).not.toBe(searchRange(await inputOfIp(false)).clipMax);
});

test('with several batches the range comes from all their values', async () => {
  const [conv] = await run(smallPlan({}, 3));
  const values = Float32Array.from([0, 1, 2].flatMap((i) => [...smallBatch(i * 8, 8).get('data')!]));
  expect(conv!.clip.max).toBe(searchRange(values).clipMax);
  expect(conv!.observed.count).toBe(values.length);
});

test('a range from the config is kept, its input is measured all the same, and a fixed minimum is 0', async () => {
  const [conv, ip] = await run(smallPlan({ conv: { max: 6, min: -6 }, ip: { max: 5, min: -5 } }));
  expect(conv).toMatchObject({ clip: { max: 6, min: -6 }, origin: 'config' });
  expect(ip).toMatchObject({ clip: { max: 5, min: 0 }, origin: 'config' });
  expect(conv!.observed).toEqual(histogramOf(smallBatch(0, 8).get('data')!));
});

test('each batch is read once, whichever quantizers were kept, and all find the same', async () => {
  const plan = smallPlan({}, 2);
  const asked: number[] = [];
  const from = (index: number) => {
    asked.push(index);
    return batch(index);
  };
  const found = await run(plan, from);
  expect(asked).toEqual([0, 1]);
  const kept = (name: string) =>
    calibrate({
      ...{ graph, inputShapes: smallShapes(8), weights, plan, batch: from },
      keep: ({ quantizer }, find) =>
        quantizer.name === name ? Promise.resolve(found.find((each) => each.name === name)!) : find(),
    });
  for (const name of ['conv', 'ip']) expect(await kept(name)).toEqual(found);
  expect(asked).toEqual([0, 1, 0, 1, 0, 1]);
});

test('data that is not finite is an error at the layer that brings them in', async () => {
  const poisoned = async (index: number) => {
    const values = await batch(index);
    values.get('data')![5] = Number.NaN;
    return values;
  };
  await expect(run(smallPlan(), poisoned)).rejects.toThrow(DiagnosticsError);
  await expect(run(smallPlan(), poisoned)).rejects.toThrow(
    /layer .in.: the data are not finite: of blob 'data' .* element \[0, 0, 0, 5\] is NaN/,
  );
});

describe('histogramOf', () => {
  test('spreads the values over [min, max], the last bin closed', () => {
    const { min, max, bins, count } = histogramOf(Float32Array.of(0, 0, 1, 64));
    expect([min, max, count, bins.length]).toEqual([0, 64, 4, 64]);
    expect([bins[0], bins[1], bins[63]]).toEqual([2, 1, 1]);
  });
  test('puts equal values into one bin', () => {
    expect(histogramOf(Float32Array.of(3, 3)).bins[0]).toBe(2);
  });
});
