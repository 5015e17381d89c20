import type { GraphLayer, NetGraph, SolverParameter } from '@caffe-quant/caffe-io';
import { ELEMENT_BYTES } from '../graph/graph-limits.ts';
import { elementCount, GraphBuilder, type Shape } from '../graph/graph-builder.ts';
import { peakMemory, type PeakMemory } from '../graph/peak-memory.ts';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { solverSettings } from '../solvers/solver-settings.ts';
import { lowerStep } from '../train/train-graph.ts';
import { layerOfNode } from './layer-problem.ts';
import { lowerNet, type LoweredNet } from './lower-net.ts';

/** What a process that runs a net takes of memory, in bytes. */
export interface MemoryEstimate {
  /** All that follows, and the program itself. */
  readonly bytes: number;
  /** Weights; in training what is written anew as well, and the solver's history. */
  readonly weights: number;
  /** Batches that are read ahead, random numbers, and what calibration keeps. */
  readonly data: number;
  /** What layers make, at the moment when that is most. */
  readonly blobs: number;
  /** Who made it, largest first. */
  readonly layers: readonly { readonly layer: GraphLayer; readonly bytes: number }[];
}

export interface EstimatedNet {
  readonly graph: NetGraph;
  readonly inputShapes: ReadonlyMap<string, Shape>;
  /** Absent: the float net. */
  readonly plan?: CanonicalPlan;
  /** Bytes that no tensor may take alone. Default: what the machine has. */
  readonly memoryLimit?: number;
}

/** Resident memory of the program with onnxruntime, before there is a net. Measured: Node 20, Linux on x86. */
const PROGRAM_BYTES = 240e6;

/** What the engine takes from the system for each byte of tensors: room that a larger tensor does not fit into is left. Measured. */
const ROOM_BETWEEN = 1.4;

/** The batch in hand, the next one and what its records are decoded from. */
const BATCHES = 3;

/** A constant is in the graph, in the encoded model, and in the session as it was read and as it is used. */
const CONSTANT_COPIES = 4;

/** Blocks that kernels of this kind of processor take channels in; what it is exactly changes little. */
const CHANNEL_BLOCK = process.arch === 'x64' ? 16 : 1;

/**
 * Of one step of training, from shapes alone.
 * @throws DiagnosticsError for layers that are not supported, do not fit their bottoms, or are larger than the limit
 */
export function estimateTraining(net: EstimatedNet & { readonly solver: SolverParameter }): MemoryEstimate {
  const { g, params, state, sums, randoms } = lowerStep({
    ...net,
    solver: solverSettings(net.solver),
    channelBlock: CHANNEL_BLOCK,
  });
  const written = new Set(state.map(({ name }) => name));
  const read = params
    .map(({ key, shape }) => ({ name: `param/${key}`, shape }))
    .filter(({ name }) => !written.has(name));
  // Each is there twice, read and written; and the weights that training began with.
  const weights = 2 * floats([...read, ...state, ...sums]) + floats(params);
  return estimate(net, g, { weights, randoms, peak: peakMemory(g) });
}

/**
 * Of one forward pass that hands out the blobs that nothing reads.
 * @throws DiagnosticsError likewise
 */
export const estimateForward = (net: EstimatedNet): MemoryEstimate => forward(net, () => 0);

/** What quantizers see is kept of each batch: as it came, side by side, and once more for the search. */
const CALIBRATED_COPIES = 3;

/**
 * Of a calibration.
 * @throws DiagnosticsError likewise
 */
export const estimateCalibration = (net: EstimatedNet & { readonly plan: CanonicalPlan }): MemoryEstimate =>
  forward(net, ({ quantizers }) => {
    const largest = Math.max(0, ...quantizers.map(({ input }) => floats([input])));
    return CALIBRATED_COPIES * net.plan.batchNum * largest;
  });

function forward(net: EstimatedNet, kept: (net: LoweredNet) => number): MemoryEstimate {
  const { graph, memoryLimit } = net;
  const g = new GraphBuilder({ channelBlock: CHANNEL_BLOCK, ...(memoryLimit !== undefined && { memoryLimit }) });
  const lowered = lowerNet(g, graph, { ...net, shapesOnly: true });
  const { params, randoms, blobs } = lowered;
  const read = new Set(graph.layers.flatMap(({ bottoms }) => bottoms.map(({ id }) => id)));
  for (const [id, value] of blobs) if (!read.has(id)) g.output(`out/${id}`, value);
  const handedOut = new Set(g.outputs.map(({ name }) => name));
  return estimate(net, g, { weights: floats(params), randoms, peak: peakMemory(g, handedOut), kept: kept(lowered) });
}

function estimate(
  { graph, inputShapes }: EstimatedNet,
  g: GraphBuilder,
  parts: { weights: number; randoms: readonly { shape: Shape }[]; peak: PeakMemory; kept?: number },
): MemoryEstimate {
  const { weights, randoms, peak, kept = 0 } = parts;
  const data = BATCHES * floats([...inputShapes.values()].map((shape) => ({ shape }))) + floats(randoms) + kept;
  const constants = CONSTANT_COPIES * g.constants.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const byLayer = new Map<GraphLayer, number>();
  for (const { node, bytes } of peak.tensors) {
    const layer = layerOfNode(graph, node);
    if (layer) byLayer.set(layer, (byLayer.get(layer) ?? 0) + bytes);
  }
  const layers = [...byLayer].map(([layer, bytes]) => ({ layer, bytes })).sort((a, b) => b.bytes - a.bytes);
  const blobs = ROOM_BETWEEN * peak.bytes + constants;
  return { bytes: PROGRAM_BYTES + weights + data + blobs, weights, data, blobs, layers };
}

const floats = (tensors: readonly { shape: Shape }[]): number =>
  tensors.reduce((sum, { shape }) => sum + elementCount(shape) * ELEMENT_BYTES.float, 0);
