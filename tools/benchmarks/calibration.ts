/**
 * The calibration of ResNet-18, all candidates of every quantizer, against a forward pass of the same net and batch.
 *
 *   npm run -s bench-calibration -- [--batch 16] [--rounds 3]
 *
 * Prints the medians, their ratio, and where the time of a calibration goes.
 */
import { parseArgs } from 'node:util';
import { calibrate, initialWeights, NetRunner } from '@caffe-quant/kernels';
import { searchRange } from '../../packages/kernels/src/quantizers/ifmr.ts';
import { median } from './median.ts';
import { NETS, planOf } from './nets.ts';
import { batchOf, SEED, shapesOf, trainGraph } from './step-request.ts';

const { values: options } = parseArgs({
  options: { batch: { type: 'string', default: '16' }, rounds: { type: 'string', default: '3' } },
});
const net = NETS['ResNet-18']!();
const shapes = shapesOf({ label: 'ResNet-18', net, batch: Number(options.batch) });
const graph = trainGraph(net.text);
const inputShapes = new Map(Object.entries(shapes));
const weights = initialWeights(graph, inputShapes, SEED);
const given = planOf(graph);
// Without the ranges that the benchmark of a step gives: every one is searched for.
const plan = { ...given, batchNum: 1, quantizers: given.quantizers.map(({ clip: _clip, ...quantizer }) => quantizer) };
const batch = batchOf({ shapes, classes: net.classes });

const { quantizers } = plan;
const inputs = quantizers.map(({ blob }) => blob);
const end = graph.layers.find(({ name }) => name === quantizers.at(-1)!.name)!.bottoms[0]!.id;

const runner = await NetRunner.create({ graph, inputShapes, weights, outputs: [end], checksFinite: false });
const all = await NetRunner.create({ graph, inputShapes, weights, outputs: inputs, checksFinite: false });
const blobs = await all.run(batch);
await all.close();
const times = { calibration: [] as number[], forward: [] as number[], search: [] as number[] };
for (let round = 0; round < Number(options.rounds); round++) {
  for (let i = 0; i < 3; i++) await timed(times.forward, () => runner.run(batch));
  await timed(times.calibration, async () => {
    const found = await calibrate({ graph, inputShapes, weights, plan, batch: () => Promise.resolve(batch) });
    if (found.some(({ origin }) => origin !== 'ifmr')) throw new Error('a range was not searched for');
  });
  await timed(times.search, () => {
    for (const id of inputs) searchRange(blobs.get(id)!.data);
  });
}
await runner.close();
const [calibration, forward, search] = [times.calibration, times.forward, times.search].map(median) as [
  number,
  number,
  number,
];
console.log(
  `ResNet-18, ${options.batch} images, ${quantizers.length} quantizers: calibration ${calibration.toFixed(0)} ms, ` +
    `a forward pass ${forward.toFixed(0)} ms, ratio ${(calibration / forward).toFixed(2)}; ` +
    `the searches alone ${search.toFixed(0)} ms (float blobs), ratio ${(search / forward).toFixed(2)}`,
);

async function timed(list: number[], run: () => unknown): Promise<void> {
  const started = performance.now();
  await run();
  list.push(performance.now() - started);
}
