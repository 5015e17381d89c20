import {
  type FillerParameter,
  LayerError,
  type LayerParameter,
  type LayerType,
  type LayerTypeOf,
  type MessageUse,
} from '@caffe-quant/caffe-io';
import type { GraphBuilder, Shape, Value } from '../graph/graph-builder.ts';
import type { LayerTraits } from './layer-traits.ts';

export type Phase = 'TRAIN' | 'TEST';

/** A blob that a layer owns. */
export interface ParamSpec {
  shape: Shape;
  /** False for a blob that the solver never touches, whatever its `lr_mult`: BatchNorm's statistics. Default true. */
  learns?: boolean;
  /** Its rows are held to the norm 1, when weights are read and after each update: `unitRows`. */
  hasUnitRows?: boolean;
  /** How the blob starts when a net is trained from scratch. */
  filler: FillerParameter | undefined;
}

/** What a layer's lowering is given. All shapes are static, [N, C, H, W] for images. */
export interface LoweringContext<Settings = unknown> {
  g: GraphBuilder;
  settings: Settings;
  phase: Phase;
  /** How many tops are wanted. */
  topCount: number;
  bottoms: readonly Value[];
  params: readonly Value[];
  /**
   * A graph input of random numbers with the distribution of `filler`, other ones at each forward pass and for each
   * call. Absent where nobody fills it.
   */
  random?: (shape: Shape, filler: FillerParameter) => Value;
  /**
   * What the layer's `nextState` of that name was in the forward pass before; zeros in the first one. Absent where nobody
   * carries it over.
   */
  state?: (name: string, shape: Shape) => Value;
  /**
   * Notes a setting that Caffe accepts and then does not read: the layer is not what its prototxt seems to say. Absent where
   * nobody listens.
   */
  warn?: (message: string) => void;
  /** True where nobody will run the graph: blobs in files that the layer names need not be there. */
  shapesOnly?: boolean;
  /** Shapes of the tops, for layers whose tops depend on the values of their bottoms; absent where nobody knows. */
  topShapes?: readonly Shape[];
}

/** Which gradients the net needs of a layer. */
export interface Needs {
  bottoms: readonly boolean[];
  params: readonly boolean[];
}

export interface Gradients {
  /** One per bottom; undefined where not needed or where the layer has no gradient. */
  bottoms: readonly (Value | undefined)[];
  params?: readonly (Value | undefined)[];
}

export interface Lowered {
  tops: readonly Value[];
  /** What the forward pass makes of the layer's blobs (BatchNorm's statistics); undefined: the blob stays as it is. */
  updatedParams?: readonly (Value | undefined)[];
  /** What the next forward pass gets as `state`, by name. */
  nextState?: Readonly<Record<string, Value>>;
  /**
   * Adds the layer's gradients for those of its tops (undefined: nothing depends on that top). Absent for layers
   * that Caffe has no backward pass for.
   */
  backward?(topGradients: readonly (Value | undefined)[], needs: Needs): Gradients;
}

/** Elements of a blob, row-major. */
export interface BlobData {
  shape: Shape;
  data: Float32Array;
}

/**
 * A layer type whose tops' shapes depend on what is in its bottoms, so that no graph can hold it: it is computed here,
 * behind the graph, and has no gradient.
 */
export interface CpuFallback<Settings = unknown> extends LayerType<Settings>, LayerTraits<Settings> {
  readonly file?: FileUse<Settings>;
  /**
   * @throws LayerError where the layer's parameters make no sense for these bottoms.
   */
  compute(settings: Settings, bottoms: readonly BlobData[]): BlobData[];
}

/** A file that layers of a type name beside their data: what Caffe reads when it sets the layer up. */
export interface FileUse<Settings = unknown> {
  /** A BlobProto, or lines of text. */
  readonly kind: 'blob' | 'text';
  /** As the prototxt has it; absent where the layer names none. */
  pathOf(settings: Settings): string | undefined;
  /** The settings with what is in that file. */
  load(settings: Settings, path: string, reader: FileReader): Settings;
}

/** How such files are read. */
export interface FileReader {
  /** The numbers of a BlobProto, row-major. */
  blob(path: string): Float32Array;
  text(path: string): string;
}

/** One Caffe layer type: the blobs that it learns, and its forward and backward pass as ONNX nodes. */
export interface LayerKernel<Settings = unknown> extends LayerType<Settings>, LayerTraits<Settings> {
  readonly file?: FileUse<Settings>;
  /** Of a convolution, Deconvolution and their like: the axis of its weights along which each output channel has a filter. */
  readonly channelAxis?: 0 | 1;
  /** @throws LayerError where the layer's settings make no sense for these bottoms. */
  params?(settings: Settings, bottoms: readonly Shape[]): ParamSpec[];
  /** @throws LayerError likewise. */
  lower(context: LoweringContext<Settings>): Lowered;
}

/** A layer type that a graph can hold. Its settings are made of the fields that it declares, and of no other. */
export const layerKernel = <const Use extends MessageUse, Settings = undefined>(
  kernel: LayerTypeOf<LayerKernel<Settings>, Use, Settings>,
): LayerKernel<Settings> => kernel as LayerKernel<Settings>;

/** Likewise a layer type that is computed behind the graph. */
export const cpuFallback = <const Use extends MessageUse, Settings = undefined>(
  kernel: LayerTypeOf<CpuFallback<Settings>, Use, Settings>,
): CpuFallback<Settings> => kernel as CpuFallback<Settings>;

/** @throws LayerError unless `condition`. */
export function check(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new LayerError(message());
}

/** What is wrong with a layer whose top is its bottom, of a type in which Caffe refuses that. */
export const inPlaceProblem = ({ notInPlace }: LayerType, { bottom, top }: LayerParameter): string | undefined =>
  notInPlace && bottom[0] !== undefined && bottom[0] === top[0]
    ? 'cannot be computed in place: give its top another name'
    : undefined;

/** An axis that may be counted from the end (-1 is the last), as Caffe's `CanonicalAxisIndex`. */
export function canonicalAxis(axis: number, rank: number): number {
  check(axis >= -rank && axis < rank, () => `axis ${axis} is outside a blob of ${rank} axes`);
  return axis < 0 ? axis + rank : axis;
}
