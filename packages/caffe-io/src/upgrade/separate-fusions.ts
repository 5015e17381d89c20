import { createMessage } from '../caffe-schema.ts';
import type { LayerParameter, NetParameter } from '../generated/caffe.ts';
import { freeName } from './free-name.ts';
import type { UpgradeLog } from './upgrade-log.ts';

/** Fields by which forks apply a second layer within a layer. */
interface Fusion {
  relu?: boolean;
  negative_slope?: number;
  fusion_type?: 'NONE_FUSION' | 'SUM_FUSION';
}

/** Where layers of a type have such fields. */
const SETTINGS: Readonly<Record<string, 'convolution_param' | 'inner_product_param' | 'batch_norm_param'>> = {
  Convolution: 'convolution_param',
  InnerProduct: 'inner_product_param',
  BatchNorm: 'batch_norm_param',
};

/** The fields that become layers of their own, by the type of the layer that has them. */
export const FUSION_FIELDS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(SETTINGS).map(([type, settings]) => [
    type,
    ['relu', 'negative_slope', 'fusion_type'].map((field) => `${settings}.${field}`),
  ]),
);

/**
 * Writes what intel/caffe computes within one layer as the layers that every Caffe has: `relu` with its `negative_slope`
 * becomes a ReLU in place, and `fusion_type: SUM_FUSION` an Eltwise that adds the second bottom before that. So all that
 * follows, and every file that is written, needs to know nothing of them. A `negative_slope` without `relu` counts for nothing.
 */
export function separateFusions(net: NetParameter, log: UpgradeLog): NetParameter {
  if (!net.layer.some((layer) => isFused(layer))) return net;
  const names = new Set(net.layer.map(({ name }) => name ?? ''));
  const layer = net.layer.flatMap((each) => (isFused(each) ? separate(each, names, log) : [each]));
  return log.from({ ...net, layer }, net);
}

function fusionOf(layer: LayerParameter): Fusion | undefined {
  const settings = Object.hasOwn(SETTINGS, layer.type ?? '') ? SETTINGS[layer.type!] : undefined;
  return settings && (layer[settings] as Fusion | undefined);
}

function isFused(layer: LayerParameter): boolean {
  const fusion = fusionOf(layer);
  return fusion?.relu === true || fusion?.negative_slope !== undefined || fusion?.fusion_type === 'SUM_FUSION';
}

function separate(layer: LayerParameter, names: Set<string>, log: UpgradeLog): LayerParameter[] {
  const { relu, negative_slope, fusion_type, ...others } = fusionOf(layer)!;
  const settings = SETTINGS[layer.type!]!;
  const adds = fusion_type === 'SUM_FUSION' && layer.bottom.length === 2 && layer.top.length === 1;
  // A sum of another number of bottoms keeps its field, and is refused by it.
  const kept = fusion_type !== undefined && !adds ? { ...others, fusion_type } : others;
  const plain = log.from(
    {
      ...layer,
      ...(adds && { bottom: layer.bottom.slice(0, 1), propagate_down: layer.propagate_down.slice(0, 1) }),
      [settings]: log.from(kept, fusionOf(layer)!),
    },
    layer,
  );
  const beside = (type: string, suffix: string, fields: Partial<LayerParameter>): LayerParameter => {
    const { include, exclude } = layer;
    const name = freeName(names, `${layer.name ?? ''}_${suffix}`);
    return log.from(createMessage('LayerParameter', { name, type, include, exclude, ...fields }), layer);
  };
  const sums = adds
    ? [beside('Eltwise', 'sum', { bottom: [layer.top[0]!, layer.bottom[1]!], top: [layer.top[0]!] })]
    : [];
  const relus = layer.top.map((top, i) =>
    beside('ReLU', i === 0 ? 'relu' : `relu${i}`, {
      bottom: [top],
      top: [top],
      ...(negative_slope && { relu_param: createMessage('ReLUParameter', { negative_slope }) }),
    }),
  );
  return [plain, ...sums, ...(relu === true ? relus : [])];
}
