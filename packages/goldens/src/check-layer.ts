import { type LayerParameter, settingsOf } from '@caffe-quant/caffe-io';
import {
  CPU_FALLBACKS,
  type CpuFallback,
  LAYER_KERNELS,
  type LayerKernel,
  type LayerPass,
  type Phase,
  runLayer,
} from '@caffe-quant/kernels';
import type { Comparison } from './comparison.ts';
import { limitsOf } from './excused-cases.ts';
import { GoldenError, type GoldenSet, type TensorRef } from './golden-set.ts';
import { parseLayer } from './parse-net.ts';

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

type Limits = ReturnType<typeof limitsOf>;

/** One layer's forward and backward pass against Caffe's. A type without a kernel is an error, never left out. */
export async function checkLayer(
  golden: LayerCase,
  set: GoldenSet<LayerCase>,
  comparison: Comparison,
  threads = 1,
): Promise<void> {
  const layer = parseLayer(golden.layer);
  const limits = limitsOf(golden.type, golden.name, comparison.device);
  const fallback = CPU_FALLBACKS.get(layer.type ?? '');
  if (fallback !== undefined) return checkFallback(golden, set, layer, fallback, limits, comparison);
  const kernel = LAYER_KERNELS.get(layer.type ?? '');
  if (kernel === undefined) throw new GoldenError(`there is no kernel for ${layer.type ?? 'a layer without a type'}`);
  await checkPasses(
    golden,
    set,
    (pass) => runPass(golden, set, layer, kernel, pass, { threads, device: comparison.device }),
    limits,
    comparison,
  );
}

/** What one pass starts from. */
interface Start {
  params: readonly Float32Array[];
  state: ReadonlyMap<string, Float32Array>;
}

const runPass = (
  { bottoms, params, tops, phase }: LayerCase,
  set: GoldenSet<LayerCase>,
  layer: LayerParameter,
  kernel: LayerKernel,
  start: Start,
  settings: Pick<LayerPass, 'threads' | 'device'>,
) =>
  runLayer(kernel, layer, {
    phase,
    bottoms: bottoms.map(({ shape, data, diff }) => ({
      shape,
      data: set.f32(data),
      wantsGradient: diff !== undefined,
    })),
    params: params.map(({ shape, diff }, i) => ({
      shape,
      data: start.params[i]!,
      wantsGradient: diff !== undefined,
    })),
    topGradients: tops.map(({ diff }) => diff && set.f32(diff)),
    state: start.state,
    topShapes: tops.map(({ shape }) => shape),
    ...settings,
  });

/** All passes of a case, one after the other: each starts from what the one before made of blobs and state. */
async function checkPasses(
  golden: LayerCase,
  set: GoldenSet<LayerCase>,
  run: (start: Start) => ReturnType<typeof runPass>,
  limits: Limits,
  comparison: Comparison,
): Promise<void> {
  const compare = (what: string, actual: Float32Array | undefined, ref: TensorRef | undefined, limit: number): void => {
    if (ref) comparison.relative(what, actual, set.f32(ref), limit);
  };
  let start: Start = { params: golden.params.map(({ data }) => set.f32(data)), state: new Map() };
  for (const [pass, { tops, params_after: after = [] }] of (golden.earlier_forwards ?? []).entries()) {
    const out = await run(start);
    tops.forEach((ref, i) => compare(`top ${i} of pass ${pass}`, out.tops[i], ref, limits.forward));
    after.forEach((ref, i) => {
      const updated = out.updatedParams[i];
      if (updated) compare(`param ${i} after pass ${pass}`, updated, ref, limits.forward);
    });
    start = { params: start.params.map((blob, i) => out.updatedParams[i] ?? blob), state: out.nextState };
  }
  const out = await run(start);
  const shapesOf = (blobs: readonly { shape: readonly number[] }[]) => String(blobs.map(({ shape }) => `[${shape}]`));
  const sameShapes = (shapes: readonly (readonly number[])[], blobs: readonly GoldenBlob[]) =>
    shapesOf(shapes.map((shape) => ({ shape }))) === shapesOf(blobs);
  comparison.holds('shapes of the parameters', sameShapes(out.paramShapes, golden.params));
  // Tops that the golden leaves out need not be asked for.
  comparison.holds('shapes of the tops', sameShapes(out.topShapes.slice(0, golden.tops.length), golden.tops));
  golden.tops.forEach(({ data }, i) => compare(`top ${i}`, out.tops[i], data, limits.forward));
  golden.bottoms.forEach(({ diff }, i) =>
    compare(`diff of bottom ${i}`, out.bottomGradients[i], diff, limits.backward),
  );
  golden.params.forEach(({ diff }, i) => compare(`diff of param ${i}`, out.paramGradients[i], diff, limits.backward));
  golden.params.forEach(({ after }, i) =>
    compare(`param ${i} afterwards`, out.updatedParams[i], after, limits.forward),
  );
}

/** A layer behind the graph, whose tops depend on the values of its bottoms. It has no backward pass. */
function checkFallback(
  golden: LayerCase,
  set: GoldenSet<LayerCase>,
  layer: LayerParameter,
  kernel: CpuFallback,
  limits: Limits,
  comparison: Comparison,
): void {
  const bottoms = golden.bottoms.map(({ shape, data }) => ({ shape, data: set.f32(data) }));
  const tops = kernel.compute(settingsWithFile(golden, layer, kernel), bottoms);
  golden.tops.forEach(({ shape, data }, i) => {
    comparison.holds(`shape of top ${i}`, String(tops[i]?.shape) === String(shape));
    comparison.relative(`top ${i}`, tops[i]?.data, set.f32(data), limits.forward);
  });
}

/** The layer's settings, with the content that the golden has in place of the file that the layer names. */
function settingsWithFile({ name_size_file: content }: LayerCase, layer: LayerParameter, kernel: CpuFallback): unknown {
  const settings = settingsOf(kernel, layer);
  if (content === undefined || kernel.file === undefined) return settings;
  const reader = {
    text: () => content,
    blob: (path: string): never => {
      throw new GoldenError(`${path} is not part of the golden`);
    },
  };
  return kernel.file.load(settings, kernel.file.pathOf(settings) ?? '', reader);
}
