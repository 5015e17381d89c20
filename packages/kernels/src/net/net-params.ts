import type { GraphLayer, ParamSpec as ParamSettings } from '@caffe-quant/caffe-io';
import { elementCount, type Shape } from '../graph/graph-builder.ts';
import { check, type ParamSpec } from '../layers/layer.ts';

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

/**
 * The net's parameters, found layer by layer while it is lowered. Source: BVLC Caffe, Net::AppendParam in
 * src/caffe/net.cpp.
 */
export class ParamTable {
  readonly params: NetParam[] = [];
  private readonly byShareName = new Map<string, SharedParam>();
  private readonly layers = new Set<string>();

  /**
   * The parameters that `layer` uses; those it shares with an earlier one are that one's, in that one's shape.
   * @throws LayerError where what it shares has another shape or other multipliers, or an earlier layer has its name.
   */
  of(layer: GraphLayer, specs: readonly ParamSpec[]): NetParam[] {
    if (specs.length > 0) {
      check(!this.layers.has(layer.name), () => 'another layer with weights has this name');
      this.layers.add(layer.name);
    }
    return specs.map((spec, index) => {
      const settings = layer.param.param[index];
      const shared = settings?.name ? this.byShareName.get(settings.name) : undefined;
      if (shared) return share(shared, spec, settings!);
      const learns = spec.learns !== false;
      const param: NetParam = {
        ...spec,
        key: `${layer.name}/${index}`,
        layer: layer.name,
        index,
        lrMult: learns ? Math.fround(settings?.lr_mult ?? 1) : 0,
        decayMult: learns ? Math.fround(settings?.decay_mult ?? 1) : 0,
      };
      if (settings?.name) {
        const { lr_mult, decay_mult } = settings;
        this.byShareName.set(settings.name, { param, lrMult: lr_mult, decayMult: decay_mult });
      }
      this.params.push(param);
      return param;
    });
  }
}

/** A named parameter, with the multipliers that its users have stated so far. */
interface SharedParam {
  param: NetParam;
  lrMult: number | undefined;
  decayMult: number | undefined;
}

/** Another use of a parameter: its multipliers are those of the first user that states any. */
function share(shared: SharedParam, spec: ParamSpec, settings: ParamSettings): NetParam {
  const { param } = shared;
  const shapes = () => `[${spec.shape.join(', ')}] here, [${param.shape.join(', ')}] in layer "${param.layer}"`;
  const what = `the shared parameter '${settings.name}'`;
  check(
    (spec.hasUnitRows ?? false) === (param.hasUnitRows ?? false),
    () => `${what} is normalized in one layer and not in the other; layer "${param.layer}" has it first`,
  );
  if (settings.share_mode === 'PERMISSIVE')
    check(elementCount(spec.shape) === elementCount(param.shape), () => `${what} has another size: ${shapes()}`);
  else check(sameShape(spec.shape, param.shape), () => `${what} has another shape: ${shapes()}`);
  for (const [field, mult] of [
    ['lr_mult', 'lrMult'],
    ['decay_mult', 'decayMult'],
  ] as const) {
    const stated = settings[field];
    if (stated === undefined) continue;
    const known = shared[mult];
    check(
      known === undefined || known === stated,
      () => `${what} has ${field} ${stated} here, ${known} in layer "${param.layer}"`,
    );
    shared[mult] = stated;
    if (param.learns !== false) param[mult] = Math.fround(stated);
  }
  return param;
}

const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((axis, i) => axis === b[i]);

/** The elements of `param` in `weights`. Weights were matched to the net before: a missing blob is a programming error. */
export function blobOf(weights: NetWeights, param: { layer: string; index: number; shape: Shape }): Float32Array {
  const blob = weights.get(param.layer)?.[param.index];
  if (!blob) throw new Error(`no weights for blob ${param.index} of layer '${param.layer}'`);
  return blob;
}
