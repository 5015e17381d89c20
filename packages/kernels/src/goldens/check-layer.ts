import { withSizes } from '../layers/detection/detection-evaluate.ts';
import type { LayerParameter } from '@caffe-quant/caffe-io';
import { GraphBuilder, type Shape, type Value } from '../graph/graph-builder.ts';
import { runGraph } from '../graph/run-once.ts';
import type { TensorData } from '../graph/session.ts';
import type { HostKernel, LayerKernel, Phase } from '../layers/layer.ts';
import { HOST_KERNELS, LAYER_KERNELS } from '../layers/registry.ts';
import type { Comparison } from './comparison.ts';
import { limitsOf } from './excused-cases.ts';
import { GoldenError, type GoldenSet, type TensorRef } from './golden-set.ts';
import { parseLayer } from './parse-net.ts';
import { computeLayer, lowerLayer, paramsOfLayer } from '../layers/one-layer.ts';

interface GoldenBlob {
  shape: number[];
  data: TensorRef;
  /** Of a top the gradient that goes in, of a bottom or a parameter what comes out. */
  diff?: TensorRef;
  /** What the forward passes make of a blob that is state. */
  after?: TensorRef;
}

export interface LayerCase {
  name: string;
  type: string;
  phase: Phase;
  layer: string;
  bottoms: GoldenBlob[];
  params: GoldenBlob[];
  tops: GoldenBlob[];
  /** Content of the file of image names and sizes that DetectionEvaluate names. */
  name_size_file?: string;
  /** The forward passes before the last, over the same bottoms. */
  earlier_forwards?: { tops: TensorRef[]; params_after?: TensorRef[] }[];
}

/** One layer's forward and backward pass against Caffe's. A type without a kernel is an error, never left out. */
export async function checkLayer(golden: LayerCase, set: GoldenSet<LayerCase>, comparison: Comparison): Promise<void> {
  const layer = parseLayer(golden.layer);
  const limits = limitsOf(golden.type, golden.name);
  const hosted = HOST_KERNELS.get(layer.type ?? '');
  if (hosted !== undefined) return checkHosted(golden, set, layer, hosted, limits, comparison);
  const kernel = LAYER_KERNELS.get(layer.type ?? '');
  if (kernel === undefined) throw new GoldenError(`there is no kernel for ${layer.type ?? 'a layer without a type'}`);
  const run = new LayerRun(golden, set, layer, kernel);
  comparison.holds('shapes of the parameters', run.paramShapesAgree());
  for (const [pass, { tops, params_after: after = [] }] of (golden.earlier_forwards ?? []).entries()) {
    const out = await run.forward();
    tops.forEach((ref, i) =>
      comparison.relative(`top ${i} of pass ${pass}`, out[`top${i}`], set.f32(ref), limits.forward),
    );
    after.forEach((ref, i) => {
      if (out[`after${i}`])
        comparison.relative(`param ${i} after pass ${pass}`, out[`after${i}`], set.f32(ref), limits.forward);
    });
  }
  const out = await run.forward();
  const compare = (output: string, what: string, ref: TensorRef | undefined, limit: number): void => {
    if (ref) comparison.relative(what, out[output], set.f32(ref), limit);
  };
  golden.tops.forEach((blob, i) => {
    comparison.holds(`shape of top ${i}`, String(run.topShapes[i]) === String(blob.shape));
    compare(`top${i}`, `top ${i}`, blob.data, limits.forward);
  });
  golden.bottoms.forEach((blob, i) => compare(`db${i}`, `diff of bottom ${i}`, blob.diff, limits.backward));
  golden.params.forEach((blob, i) => compare(`dp${i}`, `diff of param ${i}`, blob.diff, limits.backward));
  golden.params.forEach((blob, i) => compare(`after${i}`, `param ${i} afterwards`, blob.after, limits.forward));
}

/** A layer behind the graph, whose tops depend on the values of its bottoms. It has no backward pass. */
function checkHosted(
  golden: LayerCase,
  set: GoldenSet<LayerCase>,
  layer: LayerParameter,
  kernel: HostKernel,
  limits: { forward: number },
  comparison: Comparison,
): void {
  const bottoms = golden.bottoms.map(({ shape, data }) => ({ shape, data: set.f32(data) }));
  const tops = computeLayer(kernel, withSizes(layer, golden.name_size_file), bottoms);
  golden.tops.forEach(({ shape, data }, i) => {
    comparison.holds(`shape of top ${i}`, String(tops[i]?.shape) === String(shape));
    comparison.relative(`top ${i}`, tops[i]?.data, set.f32(data), limits.forward);
  });
}

/** A layer that is run again and again, its blobs and state carried over. */
class LayerRun {
  topShapes: Shape[] = [];
  readonly #golden: LayerCase;
  readonly #set: GoldenSet<LayerCase>;
  readonly #layer: LayerParameter;
  readonly #kernel: LayerKernel;
  #params: TensorData[];
  #state = new Map<string, Float32Array>();

  constructor(golden: LayerCase, set: GoldenSet<LayerCase>, layer: LayerParameter, kernel: LayerKernel) {
    this.#golden = golden;
    this.#set = set;
    this.#layer = layer;
    this.#kernel = kernel;
    this.#params = golden.params.map(({ data }) => set.f32(data));
  }

  paramShapesAgree(): boolean {
    const { bottoms, params } = this.#golden;
    const specs = paramsOfLayer(
      this.#kernel,
      this.#layer,
      bottoms.map(({ shape }) => shape),
    );
    return String(specs?.map(({ shape }) => `[${shape}]`) ?? []) === String(params.map(({ shape }) => `[${shape}]`));
  }

  async forward(): Promise<Record<string, Float32Array>> {
    const feeds: Record<string, TensorData> = {};
    if (this.#golden.tops.length === 0) {
      this.#build(new GraphBuilder(), feeds);
      return {};
    }
    const out = await runGraph((g) => this.#build(g, feeds), feeds);
    this.#params = this.#params.map((blob, i) => out[`after${i}`] ?? blob);
    for (const name of Object.keys(out).filter((key) => key.startsWith('state/'))) {
      this.#state.set(name, out[name]!);
    }
    return out;
  }

  #build(g: GraphBuilder, feeds: Record<string, TensorData>): Record<string, Value> {
    const { bottoms, params, tops, phase } = this.#golden;
    const input = (name: string, shape: Shape, data: TensorData): Value => {
      feeds[name] = data;
      return g.input(name, shape);
    };
    const lowered = lowerLayer(this.#kernel, this.#layer, {
      g,
      phase,
      bottoms: bottoms.map(({ shape, data }, i) => input(`b${i}`, shape, this.#set.f32(data))),
      params: params.map(({ shape }, i) => input(`p${i}`, shape, this.#params[i]!)),
      state: (name, shape) => {
        const length = shape.reduce((product, axis) => product * axis, 1);
        return input(`was/${name}`, shape, this.#state.get(`state/${name}`) ?? new Float32Array(length));
      },
      topShapes: tops.map(({ shape }) => shape),
    });
    this.topShapes = lowered.tops.map(({ shape }) => shape);
    const results: Record<string, Value> = {};
    lowered.tops.forEach((value, i) => (results[`top${i}`] = value));
    lowered.updatedParams?.forEach((value, i) => {
      if (value) results[`after${i}`] = value;
    });
    for (const [name, value] of Object.entries(lowered.nextState ?? {})) results[`state/${name}`] = value;
    if (lowered.backward) {
      const gradients = lowered.backward(
        tops.map(({ shape, diff }, i) => diff && input(`dt${i}`, shape, this.#set.f32(diff))),
        { bottoms: bottoms.map(({ diff }) => Boolean(diff)), params: params.map(({ diff }) => Boolean(diff)) },
      );
      gradients.bottoms.forEach((value, i) => {
        if (value && bottoms[i]?.diff) results[`db${i}`] = value;
      });
      gradients.params?.forEach((value, i) => {
        if (value && params[i]?.diff) results[`dp${i}`] = value;
      });
    }
    return results;
  }
}
