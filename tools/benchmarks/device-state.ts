/**
 * A training step on a device with what it carries (weights, histories, clip ranges) kept in the device's memory, against the
 * same with all of it copied there and back: time and bytes, float and with ULQ and ARQ. Both take turns, step by step, so that
 * what else the machine does is the same for both; their losses have to be equal. The processor's step is for comparison.
 *
 *   npm run -s bench-device -- [--device webgpu] [--nets LeNet] [--batch 64] [--steps 20] [--threads 2]
 *
 * Without a graphics card: VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json (Debian's chromium-common).
 * Prints Markdown on stdout and what it is at on stderr.
 */
import { parseArgs } from 'node:util';
import { readSolverText } from '@caffe-quant/caffe-io';
import { CROSSING_KINDS, type Crossing, type Device, initialWeights, Trainer } from '@caffe-quant/kernels';
import { describeDevice, deviceText } from '@caffe-quant/kernels/devices';
import { median } from './median.ts';
import { CLIP, NETS, planOf } from './nets.ts';
import { batchOf, type Kind, MOMENTUM, RATE, SEED, shapesOf, trainGraph, WEIGHT_DECAY } from './step-request.ts';

const WARM_UP = 3;
const KINDS: readonly Kind[] = ['float', 'QAT'];

const { values: options } = parseArgs({
  options: {
    device: { type: 'string', default: 'webgpu' },
    nets: { type: 'string', default: 'LeNet' },
    batch: { type: 'string', default: '64' },
    steps: { type: 'string', default: '20' },
    threads: { type: 'string', default: '2' },
  },
});
const device = options.device as Device;
const [batch, steps, threads] = [options.batch, options.steps, options.threads].map(Number) as [number, number, number];

/** A training that is measured. */
interface Side {
  trainer: Trainer;
  times: number[];
  losses: number[];
}

const rows: string[] = [];
const crossings: string[] = [];
for (const label of options.nets.split(',')) {
  const net = NETS[label];
  if (!net) throw new Error(`no net '${label}': ${Object.keys(NETS).join(', ')}`);
  for (const kind of KINDS) await compare(label, kind);
}
const described = describeDevice(device);
console.log(
  [
    `${new Date().toISOString().slice(0, 10)}, ${described ? deviceText(described) : device}; batch ${batch}, medians of ${steps} steps after ${WARM_UP} that are not measured.`,
    ['| net | step | cpu | copied | kept | copied / kept |', '| --- | --- | ---: | ---: | ---: | ---: |', ...rows].join(
      '\n',
    ),
    ['| net | step | state | to the device | back |', '| --- | --- | --- | --- | --- |', ...crossings].join('\n'),
  ].join('\n\n'),
);

async function compare(label: string, kind: Kind): Promise<void> {
  const net = NETS[label]!();
  const shapes = shapesOf({ label, net, batch });
  const data = batchOf({ shapes, classes: net.classes });
  const open = async (on: Device, keepsState: boolean): Promise<Side> => {
    const graph = trainGraph(net.text);
    const inputShapes = new Map(Object.entries(shapes));
    const { solver } = readSolverText(
      `base_lr: ${RATE} lr_policy: "fixed" momentum: ${MOMENTUM} weight_decay: ${WEIGHT_DECAY}`,
      'solver.prototxt',
    );
    const plan = planOf(graph);
    const quantization = kind === 'QAT' && { plan, clips: new Map(plan.quantizers.map(({ name }) => [name, CLIP])) };
    const weights = initialWeights(graph, inputShapes, SEED);
    const settings = { graph, solver, inputShapes, weights, threads, device: on, keepsState, checksDevice: false };
    return { trainer: await Trainer.create({ ...settings, ...quantization }), times: [], losses: [] };
  };
  const sides = { cpu: await open('cpu', true), copied: await open(device, false), kept: await open(device, true) };
  for (let i = 0; i < WARM_UP + steps; i++) {
    console.error(`${label}, ${kind}: step ${i + 1} of ${WARM_UP + steps}`);
    for (const { trainer, times, losses } of Object.values(sides)) {
      const started = performance.now();
      losses.push((await trainer.step(data)).loss);
      times.push(performance.now() - started);
    }
  }
  const { cpu, copied, kept } = sides;
  if (copied.losses.some((loss, i) => loss !== kept.losses[i])) {
    throw new Error(
      `${label}, ${kind}: other losses with kept state: ${kept.losses.join(' ')} for ${copied.losses.join(' ')}`,
    );
  }
  const step = ({ times }: Side) => median(times.slice(WARM_UP));
  const ms = (side: Side) => `${step(side).toFixed(1)} ms`;
  rows.push(
    `| ${label} | ${kind} | ${ms(cpu)} | ${ms(copied)} | ${ms(kept)} | ${(step(copied) / step(kept)).toFixed(2)} |`,
  );
  // The next one may take minutes.
  console.error(rows.at(-1));
  for (const [state, { trainer }] of [['copied', copied] as const, ['kept', kept] as const]) {
    const { toDevice, fromDevice, kept: bytes } = trainer.crossing!;
    const where = state === 'kept' ? `kept, ${bytes.toLocaleString('en')} bytes` : state;
    crossings.push(`| ${label} | ${kind} | ${where} | ${bytesText(toDevice)} | ${bytesText(fromDevice)} |`);
  }
  for (const { trainer } of Object.values(sides)) await trainer.close();
}

function bytesText(parts: Crossing['toDevice']): string {
  return Object.entries(parts)
    .map(([kind, bytes]) => `${CROSSING_KINDS[kind as keyof typeof CROSSING_KINDS]} ${bytes.toLocaleString('en')}`)
    .join(', ');
}
