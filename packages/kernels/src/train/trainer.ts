import type { NetGraph, SolverParameter } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { floatTensor, openSession, tensor } from '../graph/session.ts';
import { blobOf, type NetWeights } from '../net/net-params.ts';
import { checkClip, ulqFeeds, ulqGrid, type ClipState, type UlqGrid } from '../quantizers/ulq.ts';
import { learningRate } from '../solvers/lr-policy.ts';
import {
  buildTrainGraph,
  clipName,
  finiteOutput,
  gradientName,
  nextName,
  paramName,
  type TrainGraph,
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
}

/** What one quantizer did in one step. */
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
  /** Iterations done before this step. */
  iteration: number;
  /** Objective of the batch before the update. */
  loss: number;
  learningRate: number;
  clips: ReadonlyMap<string, ClipStep>;
}

/** A tensor in two buffers that swap roles each step: one is read by the graph, the other written. */
interface DoubleBuffer {
  current: Float32Array;
  currentTensor: Tensor;
  next: Float32Array;
  nextTensor: Tensor;
}

/**
 * Trains a net, float or quantized, one `step` at a time: each is one run of one graph holding forward pass, backward
 * pass and update. Weights, momenta and clip ranges stay in buffers that the graph reads and writes in place.
 */
export class Trainer {
  private readonly buffers = new Map<string, DoubleBuffer>();
  private readonly clipStates = new Map<string, ClipState>();
  private readonly fixedMin: ReadonlySet<string>;
  private readonly scalars = new Map<string, Float32Array>();
  private readonly fetches: Record<string, Tensor> = {};
  private done = 0;

  private readonly options: TrainerOptions;
  private readonly graph: TrainGraph;
  private readonly session: InferenceSession;

  private constructor(options: TrainerOptions, graph: TrainGraph, session: InferenceSession) {
    this.options = options;
    this.graph = graph;
    this.session = session;
    const { weights, clips, plan } = options;
    this.fixedMin = new Set(plan?.quantizers.filter(({ fixedMin }) => fixedMin).map(({ name }) => name));
    for (const name of graph.quantizers) {
      const clip = clips?.get(name);
      if (!clip) throw new Error(`quantizer '${name}' has no range to start from`);
      this.clipStates.set(name, { clip, lastGood: clip });
    }
    for (const param of graph.params) this.buffer(paramName(param.key), param.shape, blobOf(weights, param));
    for (const { name, shape } of graph.state) if (!this.buffers.has(name)) this.buffer(name, shape);
    for (const name of ['loss', ...graph.quantizers.map(finiteOutput)]) this.scalar(name);
    for (const { name } of graph.state) if (name.startsWith('clip/')) this.scalar(gradientName(name));
  }

  /** @throws DiagnosticsError for layers that are not supported. */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const graph = buildTrainGraph(options);
    const session = await openSession(graph.model, options.threads === undefined ? {} : { threads: options.threads });
    return new Trainer(options, graph, session);
  }

  get iteration(): number {
    return this.done;
  }

  /**
   * Forward, backward, update on one batch: an array per data input, by the names of `inputShapes`.
   * @throws DiagnosticsError where a quantizer's input or the loss is NaN or infinite; it names the layer.
   */
  async step(batch: ReadonlyMap<string, Float32Array>): Promise<StepResult> {
    const rate = learningRate(this.options.solver, this.done);
    const clips = this.checkClips();
    const feeds: Record<string, Tensor> = { learning_rate: floatTensor(Float32Array.of(rate), []) };
    for (const { name, shape } of this.graph.inputs) feeds[name] = floatTensor(batch.get(name)!, shape);
    for (const [name, { grid }] of clips) {
      for (const [input, data] of Object.entries(ulqFeeds(name, grid))) {
        feeds[input] = tensor(data instanceof Int8Array ? 'int8' : 'float', data, []);
      }
    }
    for (const param of this.graph.params) {
      feeds[paramName(param.key)] = this.buffers.get(paramName(param.key))!.currentTensor;
    }
    for (const { name } of this.graph.state) {
      const buffer = this.buffers.get(name)!;
      feeds[name] = buffer.currentTensor;
      this.fetches[nextName(name)] = buffer.nextTensor;
    }
    await this.session.run(feeds, this.fetches);
    this.checkFinite();
    for (const { name } of this.graph.state) swap(this.buffers.get(name)!);
    const result = {
      iteration: this.done,
      loss: this.scalars.get('loss')![0]!,
      learningRate: rate,
      clips: new Map([...clips].map(([name, step]) => [name, { ...step, gradient: this.clipGradient(name) }])),
    };
    this.done++;
    return result;
  }

  /** Copies of the float master weights, by layer. */
  weights(): Map<string, Float32Array[]> {
    const weights = new Map<string, Float32Array[]>();
    for (const param of this.graph.params) {
      const blobs = weights.get(param.layer) ?? [];
      blobs[param.index] = this.buffers.get(paramName(param.key))!.current.slice();
      weights.set(param.layer, blobs);
    }
    return weights;
  }

  /** Shapes of the weights, by layer. */
  shapes(): Map<string, Shape[]> {
    const shapes = new Map<string, Shape[]>();
    for (const { layer, index, shape } of this.graph.params) {
      const blobs = shapes.get(layer) ?? [];
      blobs[index] = shape;
      shapes.set(layer, blobs);
    }
    return shapes;
  }

  /** The clip ranges that the next forward pass would use. */
  clips(): Map<string, ClipRange> {
    return new Map([...this.checkClips()].map(([name, { clip }]) => [name, clip]));
  }

  /** Gives the session back. The trainer is of no use afterwards. */
  async close(): Promise<void> {
    await this.session.release();
  }

  /** The state of every range before a forward pass: restored where an update broke it, the minimum fixed where asked. */
  private checkClips(): Map<string, Omit<ClipStep, 'gradient'>> {
    const steps = new Map<string, Omit<ClipStep, 'gradient'>>();
    for (const [name, before] of this.clipStates) {
      const max = this.buffers.get(clipName(name, 'max'))?.current;
      const min = this.buffers.get(clipName(name, 'min'))?.current;
      const clip = { max: max?.[0] ?? before.clip.max, min: min?.[0] ?? before.clip.min };
      const { state, restored } = checkClip({ clip, lastGood: before.lastGood });
      const used = this.fixedMin.has(name) ? { max: state.clip.max, min: 0 } : state.clip;
      this.clipStates.set(name, { clip: used, lastGood: state.lastGood });
      if (max) max[0] = used.max;
      if (min) min[0] = used.min;
      steps.set(name, { clip: used, grid: ulqGrid(used), restored });
    }
    return steps;
  }

  private clipGradient(name: string): ClipRange {
    const read = (end: 'max' | 'min') => this.scalars.get(gradientName(clipName(name, end)))?.[0] ?? 0;
    return { max: read('max'), min: read('min') };
  }

  private checkFinite(): void {
    const broken = this.graph.quantizers.find((name) => !Number.isFinite(this.scalars.get(finiteOutput(name))![0]));
    if (broken === undefined && Number.isFinite(this.scalars.get('loss')![0])) return;
    const { file, layers } = this.options.graph;
    const line = layers.find(({ name }) => name === broken)?.line;
    throw new DiagnosticsError([
      {
        code: 'not-finite',
        severity: 'error',
        message:
          broken === undefined
            ? `the loss is no longer finite in iteration ${this.done}`
            : `the input of the layer is no longer finite in iteration ${this.done}`,
        file,
        ...(broken === undefined ? {} : { layer: broken }),
        ...(line === undefined ? {} : { line }),
        hint: 'lower base_lr, or set clip_gradients in the solver',
      },
    ]);
  }

  private buffer(name: string, shape: Shape, start?: Float32Array): void {
    const length = elementCount(shape);
    const current = new Float32Array(length);
    const next = new Float32Array(length);
    if (start) {
      if (start.length !== length) throw new Error(`${name} takes ${length} elements, got ${start.length}`);
      current.set(start);
    } else if (name.startsWith('clip/')) {
      const [, quantizer, end] = /^clip\/(.*)\/(max|min)$/.exec(name)!;
      current[0] = this.clipStates.get(quantizer!)!.clip[end as 'max' | 'min'];
    }
    this.buffers.set(name, {
      current,
      next,
      currentTensor: floatTensor(current, shape),
      nextTensor: floatTensor(next, shape),
    });
  }

  private scalar(output: string): void {
    const data = new Float32Array(1);
    this.scalars.set(output, data);
    this.fetches[output] = floatTensor(data, []);
  }
}

function swap(buffer: DoubleBuffer): void {
  [buffer.current, buffer.next] = [buffer.next, buffer.current];
  [buffer.currentTensor, buffer.nextTensor] = [buffer.nextTensor, buffer.currentTensor];
}
