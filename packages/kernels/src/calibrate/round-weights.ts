import { sharedParametersOf, type GraphLayer, type NetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError, internalError } from 'caffe-prototxt-parser';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { channelAxisOf } from '../layers/registry.ts';
import { parameterShapes } from '../net/fit-weights.ts';
import { type ArqResult, quantizeWeights } from '../quantizers/arq.ts';
import type { CanonicalLayer, ClipRange } from '../quantizers/canonical-plan.ts';
import { CalibrationPass, type CalibrationData } from './calibration-pass.ts';
import type { LeftOut } from './channel-pairs.ts';
import { rowLayer } from './layer-rows.ts';
import { judgedSteps, learnSteps, type RoundingEffect } from './learned-steps.ts';
import { sampledRows } from './sampled-rows.ts';

export interface RoundingInput extends CalibrationData {
  /** Of every quantizer. */
  clips: ReadonlyMap<string, ClipRange>;
  /** Told after each layer of the plan, those among them that are left out. */
  onLayer?: () => void;
}

/** What learning did to one layer. */
export interface RoundedLayer extends RoundingEffect {
  layer: string;
  /** Its weights. */
  of: number;
}

export interface LearnedRounding {
  /** The blobs of the layers that changed: weights that ARQ rounds as was learned, with the scales that they had. */
  weights: Map<string, Float32Array[]>;
  layers: readonly RoundedLayer[];
  leftOut: readonly LeftOut[];
}

/** A step goes through all of a layer's weights and three more numbers for each. */
const MOST_WEIGHTS = 2 ** 22;

/**
 * Learns for each weight whether it is rounded up or down, layer by layer, so that the layer's output on its quantized input, the
 * layers before it rounded already, comes as near as it can to the float net's (AdaRound; the formulas are at `roundingModel`).
 * A quarter of the rows is not learned on: an output whose rounding is not better on these keeps the nearest.
 *
 * @throws DiagnosticsError where a blob is not finite
 */
export async function learnRounding(input: RoundingInput): Promise<LearnedRounding> {
  const { graph, inputShapes, plan, clips, onLayer = () => undefined } = input;
  const weights = new Map(input.weights);
  const shapes = new Map(parameterShapes(graph, inputShapes).map(({ layer, shapes: ofBlobs }) => [layer, ofBlobs]));
  const { targets, leftOut } = targetsOf(graph, plan.layers, shapes);
  const float = new CalibrationPass(
    { ...input, plan: { ...plan, layers: [], quantizers: [] } },
    targets.map(({ layer }) => layer.tops[0]!.id),
  );
  // It reads the weights when it comes to their layer.
  const quantized = new CalibrationPass(
    { ...input, weights },
    targets.map(({ layer }) => layer.bottoms[0]!.id),
  );
  const rounded: LearnedRounding = { weights: new Map(), layers: [], leftOut: [] };
  const layers: RoundedLayer[] = [];
  for (const _ of leftOut) onLayer();
  for (const [done, { layer, planned }] of targets.entries()) {
    if (done > 0) onLayer();
    const bottoms = await quantized.outputsOf(layer.bottoms[0]!.id, clips);
    const tops = await float.outputsOf(layer.tops[0]!.id, new Map());
    const rows = rowLayer(layer, bottoms[0]!.shape);
    if (typeof rows === 'string') {
      leftOut.push({ layer: layer.name, reason: rows });
      continue;
    }
    const [blob, ...others] = weights.get(layer.name)!;
    const shape = shapes.get(layer.name)![0]!;
    const axis = planned.channelWise ? channelAxisOf(layer.type) : undefined;
    const arq = quantizeWeights(blob!, shape, axis);
    const data = sampledRows(layer.name, rows, { bottoms, tops, bias: others[0], clip: clips.get(planned.quantizer)! });
    if (typeof data === 'string') {
      leftOut.push({ layer: layer.name, reason: data });
      continue;
    }
    const scaleOf = scalesOf(arq, shape, axis);
    const learned = await learnSteps(rows, blob!, scaleOf, data);
    const { quantized: steps, ...effect } = judgedSteps(rows, { blob: blob!, arq, scaleOf, learned }, data);
    layers.push({ layer: layer.name, of: blob!.length, ...effect });
    if (effect.changed === 0) continue;
    const grid = onGrid(blob!, steps, arq, scaleOf);
    checkGrid(layer, quantizeWeights(grid, shape, axis), { scales: arq.scales, quantized: steps });
    const changed = [grid, ...others];
    weights.set(layer.name, changed);
    rounded.weights.set(layer.name, changed);
  }
  return { ...rounded, layers, leftOut };
}

interface Target {
  readonly layer: GraphLayer;
  readonly planned: CanonicalLayer;
}

function targetsOf(graph: NetGraph, planned: readonly CanonicalLayer[], shapes: ReadonlyMap<string, readonly Shape[]>) {
  const sharing = new Set(sharedParametersOf(graph).flatMap(({ uses }) => uses.map((use) => use.layer.name)));
  const targets: Target[] = [];
  const leftOut: LeftOut[] = [];
  for (const each of planned) {
    const layer = graph.layers.find(({ name }) => name === each.name);
    if (!layer || each.channelWise === undefined) continue;
    const count = elementCount(shapes.get(each.name)![0]!);
    const reason =
      layer.tops.length !== 1
        ? 'it has several inputs'
        : sharing.has(each.name)
          ? 'it shares its parameters with another layer'
          : count > MOST_WEIGHTS
            ? `it has ${count} weights, more than the ${MOST_WEIGHTS} that are learned one by one`
            : undefined;
    if (reason === undefined) targets.push({ layer, planned: each });
    else leftOut.push({ layer: each.name, reason });
  }
  return { targets, leftOut };
}

function scalesOf({ scales }: ArqResult, shape: Shape, axis: number | undefined): (element: number) => number {
  if (axis === undefined) return () => scales[0]!;
  const inner = elementCount(shape.slice(axis + 1));
  return (element) => scales[Math.floor(element / inner) % scales.length]!;
}

/** How far towards zero of its step a weight is put: it must not become the largest of its group, which the scale comes from. */
const INSIDE = 2 ** -12;

/** Weights that ARQ rounds to these steps, with the scales that it has now: those that go there already stay what they are. */
function onGrid(
  blob: Float32Array,
  steps: Int8Array,
  arq: ArqResult,
  scaleOf: (element: number) => number,
): Float32Array {
  return blob.map((weight, i) => (arq.quantized[i] === steps[i] ? weight : steps[i]! * scaleOf(i) * (1 - INSIDE)));
}

/** @throws an internal error where ARQ makes other integers or scales of the weights than were learned */
function checkGrid(layer: GraphLayer, found: ArqResult, expected: ArqResult): void {
  const isSame = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).every((value, i) => value === b[i]);
  if (isSame(found.scales, expected.scales) && isSame(found.quantized, expected.quantized)) return;
  const message = 'weights that were rounded as was learned are not rounded so by ARQ';
  throw new DiagnosticsError([internalError(message, { code: 'rounding', layer: layer.name })]);
}
