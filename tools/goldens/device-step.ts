/**
 * The first training step of one net, on the processor and on a device, alone in this process: reads a `StepRequest` from
 * stdin, tells on stderr how far it is, and prints a `StepDifference`. `goldens.ts` runs it.
 */
import { readFileSync } from 'node:fs';
import { readSolverText } from '@caffe-quant/caffe-io';
import { CONTINUOUS, type Device, initialWeights, STEPPED, Trainer } from '@caffe-quant/kernels';
import { CLIP, planOf } from '../benchmarks/nets.ts';
import { batchOf, SEED, trainGraph } from '../benchmarks/step-request.ts';
import { NETS } from '../benchmarks/nets.ts';

export interface StepRequest {
  /** One of the benchmarks' nets. */
  net: string;
  kind: 'float' | 'QAT';
  batch: number;
  device: Device;
}

/** How far a device's step is from the processor's. */
export interface StepDifference {
  /** Objective before the update: [processor, device]. */
  losses: [number, number];
  /**
   * Of all gradients the one that is furthest, relative to the largest of its layer (or a thousandth of the net's): the largest
   * difference in a float net, the root of the mean square in a quantized one, where one number may take another step.
   */
  gradient: { of: string; error: number; limit: number };
  /** Seconds of the first step, the compilation of the graph included, and of the second one: [processor, device]. */
  first: [number, number];
  second: [number, number];
}

/** Its history is the gradient after one step. */
const SOLVER = 'base_lr: 1 lr_policy: "fixed" momentum: 0.9 weight_decay: 0';
const GRADIENT = /^history\/0\/(?:param\/)?/;

/** Of the largest gradient of the net, what a layer's differences are relative to at least: see `check-training.ts`. */
const SHARE_OF_NET = 1e-3;

/** What one side has computed. */
interface Side {
  loss: number;
  /** By parameter. */
  gradients: Map<string, Float32Array>;
  first: number;
  second: number;
}

async function step({ net: label, kind, batch }: StepRequest, device: Device): Promise<Side> {
  const net = NETS[label]!();
  const graph = trainGraph(net.text);
  const shapes = { data: [batch, ...net.image], label: [batch, ...net.label] };
  const inputShapes = new Map(Object.entries(shapes));
  const weights = initialWeights(graph, inputShapes, SEED);
  const plan = planOf(graph);
  const quantized = kind === 'QAT' && { plan, clips: new Map(plan.quantizers.map(({ name }) => [name, CLIP])) };
  const { solver } = readSolverText(SOLVER, 'solver.prototxt');
  const data = batchOf({ shapes, classes: net.classes });
  const started = performance.now();
  // What differs is to be seen, and not to end the training.
  const settings = { graph, solver, inputShapes, weights, device, checksDevice: false };
  const trainer = await Trainer.create({ ...settings, ...quantized });
  const { loss } = await trainer.step(data);
  const first = (performance.now() - started) / 1000;
  const { tensors } = await trainer.snapshot();
  const again = performance.now();
  await trainer.step(data);
  const second = (performance.now() - again) / 1000;
  await trainer.close();
  const gradients = [...tensors].filter(([name]) => GRADIENT.test(name));
  return {
    loss,
    gradients: new Map(gradients.map(([name, data]) => [name.replace(GRADIENT, ''), data])),
    first,
    second,
  };
}

const largest = (data: Float32Array): number => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Layer of a parameter or of a clip range: `conv1/0`, `clip/conv1/max`. */
const layerOf = (name: string): string => name.replace(/\/[^/]*$/, '');

function furthest(processor: Side, own: Side, { of, relative }: typeof CONTINUOUS): StepDifference['gradient'] {
  const ofNet = Math.max(...[...processor.gradients.values()].map(largest));
  const ofLayers = new Map<string, number>();
  for (const [name, data] of processor.gradients)
    ofLayers.set(layerOf(name), Math.max(largest(data), ofLayers.get(layerOf(name)) ?? 0));
  const worst = { of: [...processor.gradients.keys()][0] ?? 'none', error: 0, limit: relative };
  for (const [name, data] of processor.gradients) {
    const scale = Math.max(ofLayers.get(layerOf(name))!, SHARE_OF_NET * ofNet);
    const distances = own.gradients.get(name)!.map((value, i) => Math.abs(value - data[i]!));
    const square = distances.reduce((sum, distance) => sum + distance * distance, 0) / distances.length;
    const error = (of === 'each' ? largest(distances) : Math.sqrt(square)) / scale;
    // A NaN is further than any number.
    if (!(error <= worst.error)) Object.assign(worst, { of: name, error });
  }
  return worst;
}

const request = JSON.parse(readFileSync(0, 'utf8')) as StepRequest;
const tell = (text: string) => console.error(`${request.net}, ${request.kind}, batch ${request.batch}: ${text}`);
tell('on the processor ..');
const processor = await step(request, 'cpu');
tell(`on ${request.device} ..`);
const own = await step(request, request.device);
console.log(
  JSON.stringify({
    losses: [processor.loss, own.loss],
    gradient: furthest(processor, own, request.kind === 'float' ? CONTINUOUS : STEPPED),
    first: [processor.first, own.first],
    second: [processor.second, own.second],
  } satisfies StepDifference),
);
