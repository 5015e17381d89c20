import { isLossLayer, type GraphLayer } from '@caffe-quant/caffe-io';
import type { CanonicalPlan } from '../quantizers/canonical-plan.ts';
import { elementCount, type GraphBuilder, type Value } from '../graph/graph-builder.ts';
import * as ops from '../graph/ops.ts';
import { rangeErrorGradients } from '../quantizers/range-error.ts';
import { ulqBackward } from '../quantizers/ulq.ts';
import { forLayer, layerProblem } from './layer-problem.ts';
import type { LoweredLayer, LoweredNet } from './lower-net.ts';

export interface NetGradients {
  /** The objective: all losses, weighted; a scalar. */
  loss: Value;
  /** By parameter key; absent where the parameter is frozen or the loss does not depend on it. */
  params: Map<string, Value>;
  /** By quantizer name; of ranges that learn by steps of their own with those of the quantizer's own error. */
  clips: Map<string, ClipGradients>;
}

export interface ClipGradients {
  readonly max: Value;
  readonly min?: Value;
  /** Of a range that learns by steps of its own: how badly it fits, 0 to 1 (`RangeError`). */
  readonly misfit?: Value;
}

/** Adds the backward pass of a lowered net: the gradients of its objective by its parameters and clip ranges. */
export const differentiate = (g: GraphBuilder, net: LoweredNet, plan?: CanonicalPlan): NetGradients =>
  g.backward(() => gradientsOf(g, net, plan));

function gradientsOf(g: GraphBuilder, net: LoweredNet, plan: CanonicalPlan | undefined): NetGradients {
  const wanted = blobsThatNeedGradients(net, plan);
  const terms = new Map<string, Value[]>();
  const addTerm = (id: string, value: Value) => terms.set(id, [...(terms.get(id) ?? []), value]);
  const paramTerms = new Map<string, Value[]>();
  const quantizedTerms = new Map<string, Value[]>();
  const clips = new Map<string, ClipGradients>();
  const losses: Value[] = [];

  for (const entry of net.layers) {
    entry.layer.tops.forEach((top, i) => {
      const weight = lossWeight(entry, i);
      if (weight === 0) return;
      const value = net.blobs.get(top.id)!;
      losses.push(weight === 1 ? ops.total(g, value) : ops.mul(g, ops.total(g, value), g.scalar(weight)));
      const ones = () => new Float32Array(elementCount(value.shape)).fill(weight);
      addTerm(
        top.id,
        forLayer(net.graph, entry.layer, () => g.constant('float', value.shape, ones)),
      );
    });
  }
  if (losses.length === 0) throw new Error('the net has no loss');

  const quantizerByName = new Map(net.quantizers.map((quantizer) => [quantizer.name, quantizer]));
  for (const entry of [...net.layers].reverse()) {
    const { layer, lowered, params, quantizer } = entry;
    g.within(`${layer.name}/grad`, () => {
      const tops = layer.tops.map((top) => {
        const values = terms.get(top.id);
        return values && ops.sum(g, values);
      });
      const needs = {
        bottoms: layer.bottoms.map(
          (bottom, i) => propagates(layer, i) && ((i === 0 && quantizer !== undefined) || wanted.has(bottom.id)),
        ),
        params: params.map((param) => param.lrMult !== 0),
      };
      const needed = needs.bottoms.some(Boolean) || needs.params.some(Boolean);
      if (needed && tops.some(Boolean)) {
        if (!lowered.backward) {
          throw layerProblem(net.graph, layer, 'it has no gradient, and the loss depends through it on what learns');
        }
        const gradients = forLayer(net.graph, layer, () => lowered.backward!(tops, needs));
        layer.bottoms.forEach((bottom, i) => {
          const gradient = gradients.bottoms[i];
          if (!gradient || !needs.bottoms[i]) return;
          if (i === 0 && quantizer !== undefined) {
            quantizedTerms.set(quantizer, [...(quantizedTerms.get(quantizer) ?? []), gradient]);
          } else addTerm(bottom.id, gradient);
        });
        params.forEach((param, i) => {
          const gradient = gradients.params?.[i];
          if (gradient && needs.params[i]) {
            const term = ops.reshape(g, gradient, param.shape);
            paramTerms.set(param.key, [...(paramTerms.get(param.key) ?? []), term]);
          }
        });
      }
      // The first user of a quantizer is the last to be met on the way back: all of its gradients are there.
      if (quantizer !== undefined && firstUser(net, quantizer) === entry) {
        const { blob, input, grid } = quantizerByName.get(quantizer)!;
        const outputs = quantizedTerms.get(quantizer);
        if (!outputs) return;
        const settings = plan?.quantizers.find(({ name }) => name === quantizer);
        const want = { x: wanted.has(blob), min: !(settings?.fixedMin ?? false) };
        const { x, max, min } = ulqBackward(g, input, ops.sum(g, outputs), grid, want);
        const ofError =
          settings && settings.lrMult === undefined ? rangeErrorGradients(g, input, grid, want) : undefined;
        const sum = (ofLoss: Value, own: Value | undefined) => (own ? ops.add(g, ofLoss, own) : ofLoss);
        const ends = { max: sum(max, ofError?.max), ...(min && { min: sum(min, ofError?.min) }) };
        clips.set(quantizer, { ...ends, ...(ofError && { misfit: ofError.misfit }) });
        if (x) addTerm(blob, x);
      }
    });
  }
  return {
    loss: ops.sum(g, losses),
    params: new Map([...paramTerms].map(([key, values]) => [key, ops.sum(g, values)])),
    clips,
  };
}

const firstUser = (net: LoweredNet, quantizer: string): LoweredLayer =>
  net.layers.find((layer) => layer.quantizer === quantizer)!;

/** Ids of the blobs that the objective is a sum of. */
export const lossBlobs = (net: LoweredNet): string[] =>
  net.layers.flatMap((entry) => entry.layer.tops.flatMap(({ id }, i) => (lossWeight(entry, i) === 0 ? [] : [id])));

/** Weight of a top in the objective: `loss_weight`, else 1 for the first top of a loss layer and 0 for all others. */
export function lossWeight({ layer }: LoweredLayer, top: number): number {
  return Math.fround(layer.param.loss_weight[top] ?? (isLossLayer(layer.type) && top === 0 ? 1 : 0));
}

/**
 * Ids of the blobs on a way from a parameter or clip range that learns to the loss. A bottom with `propagate_down: false`
 * ends the way. Source: Caffe's `Net::AppendBottom`.
 */
function blobsThatNeedGradients(net: LoweredNet, plan: CanonicalPlan | undefined): Set<string> {
  const needed = new Set<string>();
  for (const { layer, params, quantizer } of net.layers) {
    const learns = params.some((param) => param.lrMult !== 0);
    const clipLearns = quantizer !== undefined && plan?.quantizers.find(({ name }) => name === quantizer)?.lrMult !== 0;
    if (learns || clipLearns || layer.bottoms.some((bottom, i) => needed.has(bottom.id) && propagates(layer, i))) {
      for (const top of layer.tops) needed.add(top.id);
    }
  }
  return needed;
}

const propagates = ({ param }: GraphLayer, bottom: number): boolean => param.propagate_down[bottom] !== false;
