import { describeNotFinite, findNotFinite, type NetGraph, type SolverParameter } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import type { Tensor } from 'onnxruntime-node';
import { channelBlock } from '../graph/channel-block.ts';
import type { Device } from '../graph/device.ts';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { floatTensor, tensor } from '../graph/session.ts';
import { blobOf, type NetParam, type NetWeights } from '../net/net-params.ts';
import { findNotFiniteLayer } from '../net/net-runner.ts';
import { NetSession } from '../net/net-session.ts';
import { randomNumbers } from '../net/random-inputs.ts';
import { checkClip, ulqFeeds, ulqGrid, type ClipState, type UlqGrid } from '../quantizers/ulq.ts';
import { learningRate } from '../solvers/lr-policy.ts';
import { solverKernel } from '../solvers/registry.ts';
import { scheduledMomentum, scheduledWeightDecay } from '../solvers/schedules.ts';
import type { TrainerSnapshot } from './snapshot.ts';
import {
  buildStepGraph,
  buildSumGraph,
  clipName,
  FINITE,
  gradientName,
  historyName,
  MOMENTUM,
  nextName,
  paramName,
  type StateTensor,
  type TrainGraph,
  WEIGHT_DECAY,
} from './train-graph.ts';

export interface TrainerOptions {
  graph: NetGraph;
  solver: SolverParameter;
  /** Shapes of the data layers' tops, by name. */
  inputShapes: ReadonlyMap<string, Shape>;
  weights: NetWeights;
  /** Absent: float training. */
  plan?: CanonicalPlan;
  /** The range that each quantizer of the plan starts from. */
  clips?: ReadonlyMap<string, ClipRange>;
  threads?: number;
  /** Default: `cpu`. */
  device?: Device | undefined;
}

/** What one quantizer did in one iteration. */
export interface ClipStep {
  /** The range in force in the forward pass, and its grid. */
  clip: ClipRange;
  grid: UlqGrid;
  /** Gradients of the range; 0 for an end that does not learn. */
  gradient: ClipRange;
  /** A bound had left the legal range and was put back before the forward pass. */
  restored: boolean;
}

export interface StepResult {
  /** Iterations done before this one. */
  iteration: number;
  /** Objective before the update; the mean over the `iter_size` batches. */
  loss: number;
  learningRate: number;
  clips: ReadonlyMap<string, ClipStep>;
}

/** An array per data input, by name. */
type InputBatch = ReadonlyMap<string, Float32Array>;

/** A tensor in two buffers that swap roles: one is read by the graph, the other written. */
interface DoubleBuffer {
  current: Float32Array;
  currentTensor: Tensor;
  next: Float32Array;
  nextTensor: Tensor;
}

interface TrainSession {
  graph: TrainGraph;
  session: NetSession;
}

/**
 * Trains a net, float or quantized, one iteration at a time: each is one run of one graph holding forward pass, backward
 * pass and update (with `iter_size` n, after n - 1 runs that sum up gradients). Weights, histories and clip ranges stay
 * in buffers that the graph reads and writes in place.
 */
export class Trainer {
  /** Batches that one iteration takes. */
  readonly iterSize: number;
  private readonly options: TrainerOptions;
  private readonly main: TrainSession;
  private readonly summing: TrainSession | undefined;
  private readonly buffers = new Map<string, DoubleBuffer>();
  private readonly clipStates = new Map<string, Pick<ClipState, 'lastGood'>>();
  private readonly fixedMin: ReadonlySet<string>;
  private readonly scalars = new Map<string, { data: Float32Array; tensor: Tensor }>();
  private done = 0;

  private constructor(options: TrainerOptions, main: TrainSession, summing: TrainSession | undefined) {
    this.options = options;
    this.main = main;
    this.summing = summing;
    this.iterSize = options.solver.iter_size ?? 1;
    const { weights, clips, plan } = options;
    const { params, state, sums, quantizers } = main.graph;
    this.fixedMin = new Set(plan?.quantizers.filter(({ fixedMin }) => fixedMin).map(({ name }) => name));
    for (const name of quantizers) {
      const clip = clips?.get(name);
      if (!clip) throw new Error(`quantizer '${name}' has no range to start from`);
      this.clipStates.set(name, { lastGood: clip });
    }
    for (const param of params) this.buffer(paramName(param.key), param.shape, blobOf(weights, param));
    for (const [name, { lastGood }] of this.clipStates) {
      this.buffer(clipName(name, 'max'), [], Float32Array.of(lastGood.max));
      this.buffer(clipName(name, 'min'), [], Float32Array.of(lastGood.min));
    }
    for (const { name, shape } of [...state, ...sums]) if (!this.buffers.has(name)) this.buffer(name, shape);
  }

  /** @throws DiagnosticsError for layers that are not supported; SolverError for a solver that is not. */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const open = async (graph: TrainGraph): Promise<TrainSession> => ({
      graph,
      session: await NetSession.open(graph.model, options.graph, { threads: options.threads, device: options.device }),
    });
    const iterSize = options.solver.iter_size ?? 1;
    const lowering = { ...options, channelBlock: await channelBlock(options.device) };
    const summing = iterSize > 1 ? await open(buildSumGraph(lowering)) : undefined;
    return new Trainer(options, await open(buildStepGraph(lowering)), summing);
  }

  /** Iterations done. */
  get iteration(): number {
    return this.done;
  }

  /**
   * Forward, backward, update on `iterSize` batches.
   * @throws DiagnosticsError where a blob, the loss, a weight or a range becomes NaN or infinite; it names the layer.
   */
  async step(...batches: InputBatch[]): Promise<StepResult> {
    if (batches.length !== this.iterSize) throw new Error(`expected ${this.iterSize} batches, got ${batches.length}`);
    const { solver } = this.options;
    const rate = learningRate(solver, this.done);
    const factor = solverKernel(solver).rateFactor?.(solver, this.done) ?? 1;
    const clips = this.checkClips();
    let lossSum = 0;
    for (const { name } of this.main.graph.sums) this.buffers.get(name)!.current.fill(0);
    const firstPass = this.done * this.iterSize;
    for (const [i, batch] of batches.slice(0, -1).entries()) {
      lossSum += await this.run(this.summing!, batch, firstPass + i, clips, {});
    }
    lossSum += await this.run(this.main, batches.at(-1)!, firstPass + batches.length - 1, clips, {
      learning_rate: floatTensor(Float32Array.of(rate * factor), []),
      ...scheduled(MOMENTUM, scheduledMomentum(solver, this.done)),
      ...scheduled(WEIGHT_DECAY, scheduledWeightDecay(solver, this.done)),
    });
    const result = {
      iteration: this.done,
      loss: Math.fround(lossSum / batches.length),
      learningRate: rate,
      clips: new Map([...clips].map(([name, step]) => [name, { ...step, gradient: this.clipGradient(name) }])),
    };
    this.done++;
    return result;
  }

  /** Copies of the float master weights, by layer. */
  weights(): Map<string, Float32Array[]> {
    const blob = (key: string) => this.buffers.get(paramName(key))!.current.slice();
    return new Map(this.main.graph.layers.map(({ name, keys }) => [name, keys.map(blob)]));
  }

  /** Shapes of the weights, by layer, as that layer has them. */
  shapes(): Map<string, Shape[]> {
    return new Map(this.main.graph.layers.map(({ name, shapes }) => [name, shapes]));
  }

  /** All blobs of the net, in net order. */
  get params(): readonly NetParam[] {
    return this.main.graph.params;
  }

  /** The clip ranges that the next forward pass would use. */
  clips(): Map<string, ClipRange> {
    return new Map([...this.checkClips()].map(([name, { clip }]) => [name, clip]));
  }

  /** All that the next iterations depend on, copied. */
  snapshot(): TrainerSnapshot {
    return {
      iteration: this.done,
      tensors: new Map([...this.buffers].map(([name, { current }]) => [name, current.slice()])),
      lastGood: Object.fromEntries([...this.clipStates].map(([name, { lastGood }]) => [name, lastGood])),
    };
  }

  /**
   * Goes on from a snapshot of a trainer of the same net, plan and solver: the iterations that follow give the same
   * bytes as if it had never stopped.
   * @throws Error where the snapshot has other tensors.
   */
  restore({ iteration, tensors, lastGood }: TrainerSnapshot): void {
    for (const [name, { current }] of this.buffers) {
      const saved = tensors.get(name);
      if (saved?.length !== current.length)
        throw new Error(`the snapshot has no ${name} of ${current.length} elements`);
    }
    for (const [name, { current }] of this.buffers) current.set(tensors.get(name)!);
    for (const name of this.clipStates.keys()) this.clipStates.set(name, { lastGood: lastGood[name]! });
    this.done = iteration;
  }

  /** Gives the sessions back. The trainer is of no use afterwards. */
  async close(): Promise<void> {
    await this.main.session.release();
    await this.summing?.session.release();
  }

  /** One run of a graph; what it wrote becomes current. Returns the loss of the batch. */
  private async run(
    { graph, session }: TrainSession,
    batch: InputBatch,
    pass: number,
    clips: ReadonlyMap<string, { clip: ClipRange; grid: UlqGrid }>,
    scalarFeeds: Record<string, Tensor>,
  ): Promise<number> {
    const feeds: Record<string, Tensor> = { ...scalarFeeds };
    for (const { name, shape } of graph.inputs) feeds[name] = floatTensor(batch.get(name)!, shape);
    const random = randomNumbers(graph.randoms, this.options.solver.random_seed ?? 0, pass);
    for (const { name, shape } of graph.randoms) feeds[name] = floatTensor(random.get(name)!, shape);
    for (const [name, { grid }] of clips) {
      for (const [input, data] of Object.entries(ulqFeeds(name, grid))) {
        feeds[input] = tensor(data instanceof Int8Array ? 'int8' : 'float', data, []);
      }
    }
    const current = ({ name }: StateTensor) => (feeds[name] = this.buffers.get(name)!.currentTensor);
    for (const { key, shape } of graph.params) current({ name: paramName(key), shape });
    graph.state.forEach(current);
    graph.sums.forEach(current);
    const fetches: Record<string, Tensor> = {};
    for (const { name } of graph.state) fetches[nextName(name)] = this.buffers.get(name)!.nextTensor;
    const results = ['loss', FINITE];
    if (graph === this.main.graph) {
      results.push(...graph.state.filter(({ name }) => name.startsWith('clip/')).map(({ name }) => gradientName(name)));
    }
    for (const output of results) fetches[output] = this.scalar(output).tensor;
    await session.run(feeds, fetches);
    if (!Number.isFinite(this.scalar(FINITE).data[0])) {
      const cause = await this.causeOfNotFinite(graph, batch, pass, clips);
      if (cause) throw new DiagnosticsError([this.inIteration(cause)]);
    }
    for (const { name } of graph.state) swap(this.buffers.get(name)!);
    return this.scalar('loss').data[0]!;
  }

  /** The state of every range before a forward pass: restored where an update broke it, the minimum fixed where asked. */
  private checkClips(): Map<string, Omit<ClipStep, 'gradient'>> {
    const steps = new Map<string, Omit<ClipStep, 'gradient'>>();
    for (const [name, { lastGood }] of this.clipStates) {
      const max = this.buffers.get(clipName(name, 'max'))!.current;
      const min = this.buffers.get(clipName(name, 'min'))!.current;
      const { state, restored } = checkClip({ clip: { max: max[0]!, min: min[0]! }, lastGood });
      const clip = this.fixedMin.has(name) ? { max: state.clip.max, min: 0 } : state.clip;
      this.clipStates.set(name, { lastGood: state.lastGood });
      max[0] = clip.max;
      min[0] = clip.min;
      steps.set(name, { clip, grid: ulqGrid(clip), restored });
    }
    return steps;
  }

  private clipGradient(name: string): ClipRange {
    const read = (end: 'max' | 'min') => this.scalars.get(gradientName(clipName(name, end)))?.data[0] ?? 0;
    return { max: read('max'), min: read('min') };
  }

  /**
   * What was not finite in a run, before what it wrote becomes current: a blob of the forward pass, the objective, or what
   * was written. Undefined where all is finite and only the sum that tells is beyond float32.
   */
  private async causeOfNotFinite(
    graph: TrainGraph,
    batch: InputBatch,
    pass: number,
    steps: ReadonlyMap<string, { clip: ClipRange }>,
  ): Promise<Diagnostic | undefined> {
    const { graph: net, inputShapes, plan, solver, device } = this.options;
    const carried = new Map([...this.buffers].map(([name, { current }]) => [name, current]));
    const clips = new Map([...steps].map(([name, { clip }]) => [name, clip]));
    const forward = await findNotFiniteLayer(
      {
        ...{ graph: net, inputShapes, weights: this.weights(), outputs: graph.losses, device },
        ...(plan && { plan, clips }),
        ...{ seed: solver.random_seed ?? 0, firstRun: pass, carried },
      },
      batch,
    );
    if (forward) return forward;
    const at = { code: 'not-finite', severity: 'error' as const, file: net.file };
    const loss = this.scalar('loss').data[0]!;
    if (!Number.isFinite(loss)) return { ...at, message: `the loss is ${loss}` };
    for (const { name, what, layer, shape } of this.written(graph)) {
      const broken = findNotFinite(this.buffers.get(name)!.next);
      if (!broken) continue;
      const line = net.layers.find((each) => each.name === layer)?.line;
      const place = shape.length === 0 ? `it is ${broken.value}` : describeNotFinite(broken, shape);
      const message = `the update makes ${what} of layer "${layer}" not finite: ${place}`;
      return { ...at, layer, ...(line !== undefined && { line }), message };
    }
    return undefined;
  }

  /** What a step writes: blobs with their histories, and clip ranges. */
  private written({ params, quantizers, state }: TrainGraph) {
    const shapes = new Map(state.map(({ name, shape }) => [name, shape]));
    const ofParams = params.flatMap(({ key, layer, index }) => {
      const name = paramName(key);
      const { historyCount } = solverKernel(this.options.solver);
      const histories = Array.from({ length: historyCount }, (_, i) => historyName(name, i));
      return [
        { name, layer, what: `blob ${index}` },
        ...histories.map((history) => ({ name: history, layer, what: `the solver's history of blob ${index}` })),
      ];
    });
    const ofRanges = quantizers.flatMap((layer) =>
      (['max', 'min'] as const).map((end) => ({ name: clipName(layer, end), layer, what: `clip_${end}` })),
    );
    return [...ofParams, ...ofRanges].flatMap((each) => {
      const shape = shapes.get(each.name);
      return shape ? [{ ...each, shape }] : [];
    });
  }

  private inIteration(problem: Diagnostic): Diagnostic {
    const rate = learningRate(this.options.solver, this.done);
    const message = `${problem.message}, in iteration ${this.done} with the learning rate ${Number(rate.toPrecision(6))}`;
    if (this.done === 0 && problem.hint !== undefined) return { ...problem, message };
    return { ...problem, message, hint: HINT };
  }

  private buffer(name: string, shape: Shape, start?: Float32Array): void {
    const length = elementCount(shape);
    if (start && start.length !== length) throw new Error(`${name} takes ${length} elements, got ${start.length}`);
    const current = new Float32Array(length);
    const next = new Float32Array(length);
    if (start) current.set(start);
    this.buffers.set(name, {
      current,
      next,
      currentTensor: floatTensor(current, shape),
      nextTensor: floatTensor(next, shape),
    });
  }

  private scalar(output: string): { data: Float32Array; tensor: Tensor } {
    const known = this.scalars.get(output);
    if (known) return known;
    const data = new Float32Array(1);
    const made = { data, tensor: floatTensor(data, []) };
    this.scalars.set(output, made);
    return made;
  }
}

/** The feed of a scalar input that a step has only where `value` changes from iteration to iteration. */
const scheduled = (name: string, value: number | undefined): Record<string, Tensor> =>
  value === undefined ? {} : { [name]: floatTensor(Float32Array.of(value), []) };

const HINT = 'training diverges: try a tenth of base_lr, or set clip_gradients in the solver';

function swap(buffer: DoubleBuffer): void {
  [buffer.current, buffer.next] = [buffer.next, buffer.current];
  [buffer.currentTensor, buffer.nextTensor] = [buffer.nextTensor, buffer.currentTensor];
}
