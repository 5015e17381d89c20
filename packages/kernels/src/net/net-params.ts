import type { GraphLayer } from '@caffe-quant/caffe-io';
import type { Shape } from '../graph/graph-builder.ts';
import type { ParamSpec } from '../layers/layer.ts';

/** A blob that a layer of the net owns: its weights, or its state. A blob that several layers share by `param { name }` is one, named by its first user. */
export interface NetParam extends ParamSpec {
  /** `<layer>/<index>`, e.g. `conv1/0` for its weights and `conv1/1` for its biases. */
  key: string;
  layer: string;
  index: number;
  /** Multipliers of the learning rate and the weight decay. */
  lrMult: number;
  decayMult: number;
}

/** The blobs of each layer by its name, in the order of Caffe's `blobs`; elements row-major. */
export type NetWeights = ReadonlyMap<string, readonly Float32Array[]>;

/** The net's parameters, found layer by layer while it is lowered. */
export class ParamTable {
  readonly params: NetParam[] = [];
  private readonly byShareName = new Map<string, NetParam>();

  /** The parameters that `layer` uses; those it shares with an earlier layer are that layer's. */
  of(layer: GraphLayer, specs: readonly ParamSpec[]): NetParam[] {
    return specs.map((spec, index) => {
      const settings = layer.param.param[index];
      const shared = settings?.name ? this.byShareName.get(settings.name) : undefined;
      if (shared) return shared;
      const param: NetParam = {
        ...spec,
        key: `${layer.name}/${index}`,
        layer: layer.name,
        index,
        lrMult: spec.learns === false ? 0 : Math.fround(settings?.lr_mult ?? 1),
        decayMult: spec.learns === false ? 0 : Math.fround(settings?.decay_mult ?? 1),
      };
      if (settings?.name) this.byShareName.set(settings.name, param);
      this.params.push(param);
      return param;
    });
  }
}

/** The elements of `param` in `weights`. Weights were matched to the net before: a missing blob is a programming error. */
export function blobOf(weights: NetWeights, param: { layer: string; index: number; shape: Shape }): Float32Array {
  const blob = weights.get(param.layer)?.[param.index];
  if (!blob) throw new Error(`no weights for blob ${param.index} of layer '${param.layer}'`);
  return blob;
}
