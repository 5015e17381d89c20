import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  calibrate,
  type ClipRange,
  type Device,
  type NetWeights,
  type StepResult,
  Trainer,
} from '@caffe-quant/kernels';
import type { Comparison } from './comparison.ts';
import { GoldenError, type GoldenSet, openGoldenSet, type TensorRef } from './golden-set.ts';
import { GOLDEN_LIMITS } from './limits.ts';
import { parseSolver } from './parse-net.ts';
import { floatGraph, type LayerQuantization, trajectoryPlan } from './trajectory-net.ts';

export interface TrajectoryCase {
  name: string;
  /** Which of AMCT's sources the range's measurement follows. */
  variant?: string;
  ifmr_variant?: string | null;
  /** The tensor of labels in the data's set. */
  labels?: string;
  iterations: number;
  batch?: number;
  batches?: number;
  solver: string;
  net: string;
  quant: Record<string, LayerQuantization> | null;
  loss: number[];
  /** The ranges in force in each iteration, [max, min]. */
  clip_used: Record<string, [number, number]>[];
  scale: Record<string, number>[];
  o: Record<string, number>[];
  final_weights: Record<string, TensorRef[]>;
  /** ip1's weights may be stored as every n-th. */
  ip1_stride?: number;
  /** What another BLAS makes of the same run. */
  blas_noise: { loss: number; clip: number; weights_rel: Record<string, number> };
}

/** Of a set that holds its own images and start weights. */
export interface TrajectoryHead {
  images?: TensorRef;
  labels?: TensorRef;
  start?: Record<string, TensorRef[]>;
}

type Set = GoldenSet<TrajectoryCase, TrajectoryHead>;

interface Start {
  /** [0, 1) from bytes, image by image. */
  pixels: Uint8Array;
  labels: Uint8Array;
  weights: NetWeights;
}

const PIXEL_SCALE = 0.00390625;
const DEFAULT_BATCH = 64;

const LIMITS = GOLDEN_LIMITS.trajectory;

/** Whether a case follows a rule that this project does not: AMCT's GPU layers leave the first batch unquantized. */
export function otherVariant({ variant, ifmr_variant }: TrajectoryCase): string | undefined {
  const named = variant ?? ifmr_variant ?? '';
  return named.startsWith('gpu')
    ? "AMCT's GPU source lets the first batch pass unquantized, which is not done here"
    : undefined;
}

/**
 * Training beside Caffe's and AMCT's own: the first iteration's grids, every loss and range, the final weights. Ranges
 * measured as AMCT's CPU source does (the upper end from the lower one of before) start as the golden says.
 */
export async function checkTrajectory(golden: TrajectoryCase, set: Set, comparison: Comparison): Promise<void> {
  const start = readStart(golden, set);
  const { trainer, steps } = await train(golden, start, comparison.device);
  try {
    const noise = golden.blas_noise;
    const { device } = comparison;
    const factor = LIMITS['all of these, times what another BLAS makes of them'][device];
    const lossLimit = Math.max(factor * noise.loss, LIMITS['loss, at least'][device]);
    const clipLimit = Math.max(factor * noise.clip, LIMITS['clip ranges, at least'][device]);
    steps.forEach(({ loss, clips }, i) => {
      comparison.add(`loss of iteration ${i}`, Math.abs(loss - golden.loss[i]!), lossLimit);
      for (const [name, { clip }] of clips) {
        const [max, min] = golden.clip_used[i]![name]!;
        const error = Math.max(Math.abs(clip.max - max), Math.abs(clip.min - min));
        comparison.add(`range of ${name} in iteration ${i}`, error, clipLimit);
      }
    });
    for (const [name, { grid }] of steps[0]!.clips) {
      comparison.within(
        `first scale of ${name}`,
        [grid.scale],
        [golden.scale[0]![name]!],
        LIMITS['first steps of the grids'],
      );
      comparison.exact(`first o of ${name}`, [grid.offset], [golden.o[0]![name]!]);
    }
    const final = await trainer.weights();
    for (const [layer, refs] of Object.entries(golden.final_weights)) {
      const stride = layer === 'ip1' ? (golden.ip1_stride ?? 1) : 1;
      const [before, after] = [start.weights.get(layer)![0]!, final.get(layer)![0]!];
      const deviation = relativeMovement(before, after, set.f32(refs[0]!), stride);
      const least = LIMITS['final weights, of their movement, at least'][device];
      const limit = Math.max(factor * noise.weights_rel[layer]!, least);
      comparison.add(`final weights of ${layer}, of their movement`, deviation, limit);
    }
  } finally {
    await trainer.close();
  }
}

/** |actual - expected| / |expected - start|, both L2, over the elements that are stored. */
function relativeMovement(start: Float32Array, actual: Float32Array, expected: Float32Array, stride: number): number {
  let difference = 0;
  let movement = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i * stride]! - expected[i]!) ** 2;
    movement += (expected[i]! - start[i * stride]!) ** 2;
  }
  return Math.sqrt(difference / movement);
}

async function train(
  golden: TrajectoryCase,
  start: Start,
  device: Device,
): Promise<{ trainer: Trainer; steps: StepResult[] }> {
  const graph = floatGraph(golden.net);
  const plan = golden.quant ? trajectoryPlan(golden.quant, graph) : undefined;
  const { weights } = start;
  const size = golden.batch ?? DEFAULT_BATCH;
  const inputShapes = new Map([
    ['data', [size, 1, 28, 28]],
    ['label', [size]],
  ]);
  const batch = (index: number) => batchOf(golden, start, index);
  const isMeasured = !(golden.variant ?? golden.ifmr_variant ?? '').startsWith('cpu') || !usesIfmr(golden);
  const given = (): [string, ClipRange][] =>
    Object.entries(golden.clip_used[0]!).map(([name, [max, min]]) => [name, { max, min }]);
  const measured = async (): Promise<[string, ClipRange][]> => {
    if (!plan) return [];
    const input = {
      graph,
      inputShapes,
      weights,
      plan,
      device,
      batch: (index: number) => Promise.resolve(batch(index)),
    };
    return (await calibrate(input)).map(({ name, clip }) => [name, clip]);
  };
  const clips = new Map(isMeasured ? await measured() : given());
  const solver = parseSolver(golden.solver);
  const settings = { graph, solver, inputShapes, weights, ...(plan && { plan, clips }) };
  // The reference is what is compared with, not the processor.
  const trainer = await Trainer.create({ ...settings, device, checksDevice: false });
  const steps: StepResult[] = [];
  for (let i = 0; i < golden.iterations; i++) steps.push(await trainer.step(batch(i)));
  return { trainer, steps };
}

function usesIfmr({ quant }: TrajectoryCase): boolean {
  return Object.values(quant ?? {}).some(({ ifmr }) => ifmr);
}

function batchOf(golden: TrajectoryCase, { pixels, labels }: Start, index: number): Map<string, Float32Array> {
  const size = golden.batch ?? DEFAULT_BATCH;
  const batches = golden.batches ?? Math.floor(labels.length / size);
  const first = (index % batches) * size;
  const image = pixels.length / labels.length;
  const data = Float32Array.from(
    pixels.subarray(first * image, (first + size) * image),
    (pixel) => pixel * PIXEL_SCALE,
  );
  return new Map([
    ['data', data],
    ['label', Float32Array.from(labels.subarray(first, first + size))],
  ]);
}

function readStart(golden: TrajectoryCase, set: Set): Start {
  const { images, labels, start } = set.head;
  if (images && labels && start) {
    return { pixels: set.u8(images), labels: set.u8(labels), weights: weightsOf(start, set) };
  }
  const data = besideOf<Record<string, TensorRef>>(set, 'data.json');
  const weights = besideOf<{ weights: Record<string, TensorRef[]> }>(set, 'start.json');
  const tensors = data.cases[0]!;
  return {
    pixels: data.u8(tensors['images']!),
    labels: data.u8(tensors[golden.labels ?? 'labels']!),
    weights: weightsOf(weights.cases[0]!.weights, weights),
  };
}

function besideOf<Case>({ path }: Set, name: string): GoldenSet<Case> {
  const other = join(dirname(path), name);
  if (!existsSync(other)) throw new GoldenError(`${name}, which it starts from, is not beside it`);
  return openGoldenSet<Case>(other);
}

function weightsOf(refs: Record<string, TensorRef[]>, set: Pick<Set, 'f32'>): NetWeights {
  return new Map(Object.entries(refs).map(([layer, tensors]) => [layer, tensors.map((ref) => set.f32(ref))]));
}
