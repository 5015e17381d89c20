import { createMessage } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Device } from '../graph/device.ts';
import { CONTINUOUS, DEVICE_HINT, expectSame, largest, STEPPED, type Tolerance } from '../net/device-check.ts';
import type { NetParam } from '../net/net-params.ts';
import { checkForward } from '../net/net-runner.ts';
import type { SolverSettings } from '../solvers/solver-settings.ts';
import type { InputBatch } from './graph-run.ts';
import type { TrainerSnapshot } from './snapshot.ts';
import { clipName, paramName } from './train-graph.ts';
import type { StepResult, TrainerOptions } from './training.ts';

/** What is asked of a trainer. */
interface CheckedTrainer {
  readonly params: readonly NetParam[];
  step(...batches: readonly InputBatch[]): Promise<StepResult>;
  snapshot(): Promise<TrainerSnapshot>;
  restore(snapshot: TrainerSnapshot): void;
  close(): Promise<void>;
}

/** A training before its first step on a device. */
export interface TrainingToCheck extends TrainerOptions {
  settings: SolverSettings;
  snapshot: TrainerSnapshot;
  create: (options: TrainerOptions) => Promise<CheckedTrainer>;
}

/** Gradients are what its histories hold after one step. */
const GRADIENT_SOLVER = { type: 'SGD', base_lr: 1, lr_policy: 'fixed', momentum: 0.9, weight_decay: 0 };

/**
 * Holds a training's next step against the processor's: every blob of the forward pass, every gradient, and what the update
 * writes, weights, histories and clip ranges. What is quantized is checked as float first, where every element can be.
 *
 * @throws DiagnosticsError where they differ, or where the processor's own step fails
 */
export async function checkTraining(training: TrainingToCheck, batches: readonly InputBatch[]): Promise<void> {
  const { graph, inputShapes, weights, plan, clips, device = 'cpu', settings, snapshot, solver } = training;
  const [batch] = batches as [InputBatch];
  const net = { graph, inputShapes, weights };
  const quantized = plan && { plan, ...(clips && { clips }) };
  const { seed } = settings;
  const firstRun = snapshot.iteration * settings.iterSize;
  const pass = { seed, firstRun, carried: snapshot.tensors, outputs: [], device };
  await checkForward({ ...net, ...quantized, ...pass }, batch);

  const gradients = createMessage('SolverParameter', { ...GRADIENT_SOLVER, random_seed: solver.random_seed });
  const steps = new StepCheck(training);
  await steps.check('gradient', { ...net, solver: gradients }, [batch], CONTINUOUS);
  if (quantized) await steps.check('gradient', { ...net, ...quantized, solver: gradients }, [batch], STEPPED);
  await steps.check('update', { ...net, ...quantized, solver }, batches, STEPPED, snapshot);
}

/** A step from beginning to end. */
interface CheckedStep {
  params: readonly NetParam[];
  before: ReadonlyMap<string, Float32Array>;
  after: ReadonlyMap<string, Float32Array>;
  loss: number;
}

/** What a step changes a tensor by, on the processor and on the device. */
interface Change {
  place: Place;
  name: string;
  processor: Float32Array;
  device: Float32Array;
  /** The largest change of an element on the processor. */
  magnitude: number;
  /** What rounding to float32 alone may make of it. */
  rounding: number;
}

/** Of what layer a tensor is, and what it is there. */
interface Place {
  layer: string;
  what: string;
}

/** Takes steps on both. */
class StepCheck {
  readonly #training: TrainingToCheck;

  constructor(training: TrainingToCheck) {
    this.#training = training;
  }

  /**
   * @param aspect gradients are named from the loss on, the way the backward pass goes; what is updated in net order
   * @param snapshot what both start from; absent: a new training
   */
  async check(
    aspect: 'gradient' | 'update',
    options: Pick<TrainerOptions, 'graph' | 'inputShapes' | 'weights' | 'solver'>,
    batches: readonly InputBatch[],
    tolerance: Tolerance,
    snapshot?: TrainerSnapshot,
  ): Promise<void> {
    const { graph, device = 'cpu' } = this.#training;
    const processor = await this.#step({ ...options, device: 'cpu' }, batches, snapshot);
    const own = await this.#onDevice(device, () => this.#step({ ...options, device }, batches, snapshot));
    const loss = { processor: Float32Array.of(processor.loss), device: Float32Array.of(own.loss) };
    expectSame(device, graph, undefined, { what: 'the loss', shape: [], ...loss }, tolerance);
    const changes = this.#changes(processor, own);
    const largestOf = (some: readonly Change[]) => Math.max(0, ...some.map(({ magnitude }) => magnitude));
    for (const { place, name, rounding, ...values } of aspect === 'gradient' ? changes.reverse() : changes) {
      const kin = changes.filter((each) => kindOf(each.name) === kindOf(name));
      const ofLayer = largestOf(kin.filter((each) => each.place.layer === place.layer));
      const scale = Math.max(ofLayer, SHARE_OF_NET * largestOf(kin), rounding / tolerance.relative);
      const layer = graph.layers.find((each) => each.name === place.layer);
      const shape = [values.processor.length];
      expectSame(device, graph, layer, { what: `${WORDS[aspect]} ${place.what}`, shape, ...values, scale }, tolerance);
    }
  }

  async #step(options: TrainerOptions, batches: readonly InputBatch[], start?: TrainerSnapshot): Promise<CheckedStep> {
    const trainer = await this.#training.create({ ...options, checksDevice: false });
    try {
      if (start) trainer.restore(start);
      const { tensors: before } = await trainer.snapshot();
      const { loss } = await trainer.step(...batches);
      const { tensors: after } = await trainer.snapshot();
      return { params: trainer.params, before, after, loss };
    } finally {
      await trainer.close();
    }
  }

  /** What the processor has done, so that any failure is the device's. */
  async #onDevice<T>(device: Device, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      throw new DiagnosticsError(
        error.diagnostics.map((problem) => ({
          ...problem,
          code: 'device-differs',
          message: `the device '${device}' fails in a step that the processor can do: ${problem.message}`,
          hint: DEVICE_HINT,
        })),
      );
    }
  }

  /** Of all tensors, in net order. */
  #changes(processor: CheckedStep, own: CheckedStep): Change[] {
    const position = new Map(this.#training.graph.layers.map(({ name }, i) => [name, i]));
    return [...processor.after]
      .map(([name, after]) => {
        const rounding = 2 ** -22 * largest(after);
        const ofStep = (step: CheckedStep) => {
          const before = step.before.get(name)!;
          return step.after.get(name)!.map((value, i) => value - before[i]!);
        };
        const place = this.#placeOf(name, processor.params);
        const [change, ofDevice] = [ofStep(processor), ofStep(own)];
        return { place, name, processor: change, device: ofDevice, magnitude: largest(change), rounding };
      })
      .sort((a, b) => position.get(a.place.layer)! - position.get(b.place.layer)!);
  }

  #placeOf(name: string, params: readonly NetParam[]): Place {
    const own = name.replace(/^history\/\d+\//, '');
    const param = params.find(({ key }) => paramName(key) === own);
    if (param) return { layer: param.layer, what: `blob ${param.index}` };
    for (const { name: layer } of this.#training.graph.layers) {
      for (const end of ['max', 'min'] as const)
        if (own === clipName(layer, end)) return { layer, what: `clip_${end}` };
      if (own.startsWith(`state/${layer}/`)) return { layer, what: own.slice(`state/${layer}/`.length) };
    }
    return { layer: '', what: `'${own}'` };
  }
}

const WORDS = { gradient: 'the gradient of', update: 'what the first step changes of' };

/** Weights, or one of the solver's histories. */
const kindOf = (name: string): string => /^history\/\d+/.exec(name)?.[0] ?? '';

/**
 * Of the largest change in the whole net, what a layer's differences are relative to at least: where gradients cancel out, as
 * of a bias before BatchNorm, nothing but rounding is left.
 */
const SHARE_OF_NET = 1e-3;
