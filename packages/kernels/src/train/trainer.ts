import type { ClipRange } from '../quantizers/canonical-plan.ts';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { channelBlock } from '../graph/channel-block.ts';
import type { Shape } from '../graph/graph-builder.ts';
import { blobOf, type NetParam } from '../net/net-params.ts';
import { checkKey, CHECKS_OF_PROCESS } from '../net/kept-checks.ts';
import { NetSession } from '../net/net-session.ts';
import { solverSettings, type SolverSettings } from '../solvers/solver-settings.ts';
import { ClipRanges } from './clip-ranges.ts';
import { checkTraining } from './check-training.ts';
import type { Crossing } from './crossing.ts';
import { DeviceState } from './device-state.ts';
import { feedsOf, type InputBatch, type RunInput } from './graph-run.ts';
import { causeOfNotFinite, inIteration } from './not-finite-step.ts';
import type { TrainerSnapshot } from './snapshot.ts';
import { StateBuffers } from './state-buffers.ts';
import {
  buildStepGraph,
  buildSumGraph,
  clipName,
  FINITE,
  gradientName,
  nextName,
  paramName,
  type TrainGraph,
} from './train-graph.ts';
import type { StepResult, TrainerOptions } from './training.ts';
import type { Scalars, TrainingState, TrainSession } from './training-state.ts';
import { UpdateSchedule } from './update-schedule.ts';

/** The graphs of a training. */
interface Sessions {
  /** Forward pass, backward pass and update. */
  step: TrainSession;
  /** Forward and backward pass, gradients summed up; only with `iter_size` above 1. */
  sum: TrainSession | undefined;
}

/**
 * Trains a net, float or quantized, one iteration at a time: each is one run of one graph holding forward pass, backward
 * pass and update (with `iter_size` n, after n - 1 runs that sum up gradients). Weights, histories and clip ranges stay
 * where the graph reads and writes them: in the processor's buffers, or in the device's memory.
 */
export class Trainer {
  /** Without the weights that it started from: they are in the state. */
  private readonly options: Omit<TrainerOptions, 'weights'>;
  private readonly settings: SolverSettings;
  private readonly sessions: Sessions;
  private readonly state: TrainingState;
  private readonly ranges: ClipRanges;
  private readonly schedule: UpdateSchedule;
  /** Of the last run. */
  private outputs: Scalars = new Map();
  private lastCrossing: Crossing | undefined;
  private done = 0;
  private isChecked: boolean;

  private constructor(options: TrainerOptions, settings: SolverSettings, sessions: Sessions) {
    const { weights, ...kept } = options;
    this.options = kept;
    this.settings = settings;
    this.sessions = sessions;
    this.schedule = new UpdateSchedule(settings);
    this.isChecked = (options.device ?? 'cpu') === 'cpu' || options.checksDevice === false;
    const { clips, plan, device = 'cpu' } = options;
    const { params, state, sums, quantizers } = sessions.step.graph;
    this.state = device === 'cpu' ? new StateBuffers() : new DeviceState(device);
    for (const param of params) this.state.add(paramName(param.key), param.shape, blobOf(weights, param));
    this.ranges = new ClipRanges(this.state, quantizers, plan, clips);
    for (const { name, shape } of [...state, ...sums]) if (!this.state.has(name)) this.state.add(name, shape);
  }

  /** @throws DiagnosticsError for layers that are not supported; SolverError for a solver that is not. */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const { graph: net, threads, device, keepsState = true } = options;
    const solver = solverSettings(options.solver);
    const open = async (graph: TrainGraph): Promise<TrainSession> => {
      const kept = keepsState ? graph.state.map(({ name }) => nextName(name)) : [];
      return { graph, session: await NetSession.open(graph.model, net, { threads, device, kept }) };
    };
    const lowering = { ...options, solver, channelBlock: await channelBlock(device) };
    const sum = solver.iterSize > 1 ? await open(buildSumGraph(lowering)) : undefined;
    return new Trainer(options, solver, { sum, step: await open(buildStepGraph(lowering)) });
  }

  /** Iterations done. */
  get iteration(): number {
    return this.done;
  }

  /** Batches that one iteration takes. */
  get iterSize(): number {
    return this.settings.iterSize;
  }

  /**
   * Forward, backward, update on `iterSize` batches.
   * @throws DiagnosticsError where a blob, the loss, a weight or a range becomes NaN or infinite, or where the device
   *   computes something else in the first step than the processor; it names the layer.
   */
  async step(...batches: InputBatch[]): Promise<StepResult> {
    const { iterSize, seed } = this.settings;
    if (batches.length !== iterSize) throw new Error(`expected ${iterSize} batches, got ${batches.length}`);
    if (!this.isChecked) await this.checkDevice(batches);
    const iteration = this.done;
    const clips = this.ranges.check();
    const inputOf = (batch: InputBatch, i: number) => ({ batch, clips, seed, pass: iteration * iterSize + i });
    const [firsts, last] = [batches.slice(0, -1), batches.at(-1)!];
    const losses: number[] = [];
    this.state.beginIteration();
    await this.state.clear(this.sessions.step.graph.sums.map(({ name }) => name));
    for (const [i, batch] of firsts.entries()) {
      losses.push(await this.run(this.sessions.sum!, { ...inputOf(batch, i), scalars: {} }));
    }
    const scalars = this.schedule.before(iteration, losses);
    losses.push(await this.run(this.sessions.step, { ...inputOf(last, firsts.length), scalars }));
    const learningRate = this.schedule.after(iteration, (name) => this.outputs.get(name)!);
    this.lastCrossing = this.state.crossing;
    this.done++;
    return {
      iteration,
      loss: Math.fround(losses.reduce((sum, loss) => sum + loss, 0) / losses.length),
      learningRate,
      clips: new Map([...clips].map(([name, clip]) => [name, { ...clip, gradient: this.clipGradient(name) }])),
    };
  }

  /** Copies of the float master weights, by layer. */
  async weights(): Promise<Map<string, Float32Array[]>> {
    const weights = new Map<string, Float32Array[]>();
    for (const { name, keys } of this.sessions.step.graph.layers) {
      const blobs: Float32Array[] = [];
      for (const key of keys) blobs.push(await this.state.read(paramName(key)));
      weights.set(name, blobs);
    }
    return weights;
  }

  /** Shapes of the weights, by layer, as that layer has them. */
  shapes(): Map<string, Shape[]> {
    return new Map(this.sessions.step.graph.layers.map(({ name, shapes }) => [name, shapes]));
  }

  /** All blobs of the net, in net order. */
  get params(): readonly NetParam[] {
    return this.sessions.step.graph.params;
  }

  /** The clip ranges that the next forward pass would use. */
  clips(): Map<string, ClipRange> {
    return new Map([...this.ranges.check()].map(([name, { clip }]) => [name, clip]));
  }

  /** What crossed between the processor's memory and the device's in the last iteration; undefined on the processor. */
  get crossing(): Crossing | undefined {
    return this.lastCrossing;
  }

  /** All that the next iterations depend on, copied. */
  async snapshot(): Promise<TrainerSnapshot> {
    const { plateau } = this.schedule;
    return {
      iteration: this.done,
      tensors: await this.state.all(),
      lastGood: this.ranges.fallbacks(),
      ...(plateau && { plateau }),
    };
  }

  /**
   * Goes on from a snapshot of a trainer of the same net, plan and solver: the iterations that follow give the same
   * bytes as if it had never stopped.
   * @throws Error where the snapshot is of another training.
   */
  restore({ iteration, tensors, lastGood, plateau }: TrainerSnapshot): void {
    this.state.restore(tensors);
    this.ranges.restore(lastGood);
    this.schedule.restore(plateau);
    this.done = iteration;
  }

  /** Gives the sessions back. The trainer is of no use afterwards. */
  async close(): Promise<void> {
    await this.state.release();
    await this.sessions.step.session.release();
    await this.sessions.sum?.session.release();
  }

  /** One run of a graph; what it wrote becomes current. Returns the loss of the batch. */
  private async run(train: TrainSession, input: RunInput): Promise<number> {
    const { graph } = train;
    const results = ['loss', FINITE];
    if (train === this.sessions.step) results.push(...rangeGradients(graph), ...this.schedule.outputs);
    this.outputs = await this.state.run(train, feedsOf(graph, this.state, input), results);
    const loss = this.outputs.get('loss')!;
    if (!Number.isFinite(this.outputs.get(FINITE))) await this.checkFinite(graph, input, loss);
    this.state.swap(graph.state.map(({ name }) => name));
    return loss;
  }

  private async checkDevice(batches: readonly InputBatch[]): Promise<void> {
    const { options, settings, sessions } = this;
    const { device = 'cpu', checks = CHECKS_OF_PROCESS } = options;
    const models = [sessions.step, ...(sessions.sum ? [sessions.sum] : [])].map(({ graph }) => graph.model);
    await checks.once(checkKey('training', models, device), async () => {
      const state = { weights: await this.weights(), clips: this.clips(), snapshot: await this.snapshot() };
      await checkTraining({ ...options, ...state, settings, create: Trainer.create }, batches);
    });
    this.isChecked = true;
  }

  private async checkFinite(graph: TrainGraph, input: RunInput, loss: number): Promise<void> {
    const { graph: net, inputShapes, plan, device } = this.options;
    const { state, settings, done } = this;
    const run = { net, inputShapes, plan, device, graph, state, input, loss, weights: await this.weights() };
    const cause = await causeOfNotFinite({ ...run, solverType: settings.type });
    if (cause) throw new DiagnosticsError([inIteration(cause, done, this.schedule.rate(done))]);
  }

  private clipGradient(name: string): ClipRange {
    const read = (end: 'max' | 'min') => this.outputs.get(gradientName(clipName(name, end))) ?? 0;
    return { max: read('max'), min: read('min') };
  }
}

/** Outputs of a step with the gradients of the ranges that learn. */
const rangeGradients = ({ state }: TrainGraph): string[] =>
  state.filter(({ name }) => name.startsWith('clip/')).map(({ name }) => gradientName(name));
