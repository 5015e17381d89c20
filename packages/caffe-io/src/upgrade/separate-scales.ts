import { createMessage } from '../caffe-schema.ts';
import type { AnyBatchNormParameter, AnyLayerParameter } from '../generated/any-dialect.ts';
import type { FillerParameter, LayerParameter, NetParameter } from '../generated/caffe.ts';
import { freeName } from './free-name.ts';
import type { UpgradeLog } from './upgrade-log.ts';

/** The fields that become a layer of their own, in the dialects that have the first. */
export const SCALE_FIELDS = ['scale_bias', 'scale_filler', 'bias_filler'] as const;

/** What cuDNN takes at least; NVIDIA's Caffe puts it in the place of a smaller `eps`. */
const LEAST_EPS = 1e-5;

/**
 * Writes a BatchNorm that NVIDIA's Caffe scales and shifts itself, `scale_bias: true`, as the BatchNorm and the Scale in place
 * behind it that every Caffe has, so that all that follows, and every file that is written, needs to know nothing of it. Its
 * blobs are separated where they are read: `separateScaleBlobs`.
 *
 * What that layer does by itself is written out: `eps` is never below 1e-5; TEST takes the statistics of the blobs even where
 * `use_global_stats` is false; statistics have `lr_mult` and `decay_mult` 0, scale and bias have 1, whatever `param` says.
 * `scale_filler` and `bias_filler` without `scale_bias` mean the same there and something else in caffe-windows: they stay, and
 * are refused. Source: `batch_norm_layer.cpp` of NVIDIA/caffe, branch caffe-0.17.
 */
export function separateScales(net: NetParameter, log: UpgradeLog): NetParameter {
  if (!net.layer.some(isScaled)) return net;
  const names = new Set(net.layer.map(({ name }) => name ?? ''));
  // Layers of one name, such as those of two phases, have one name behind them too: weights go by it.
  const scaleNames = new Map<string, string>();
  const scaleName = ({ name = '' }: LayerParameter): string => {
    const scale = scaleNames.get(name) ?? freeName(names, `${name}_scale`);
    scaleNames.set(name, scale);
    return scale;
  };
  const layer = net.layer.flatMap((each) => (isScaled(each) ? separate(each, scaleName(each), log) : [each]));
  return log.from({ ...net, layer }, net);
}

const fieldsOf = (layer: AnyLayerParameter): AnyBatchNormParameter => layer.batch_norm_param ?? {};

/** With other bottoms or tops it stays as it is, and is refused. */
const isScaled = (layer: LayerParameter): boolean =>
  layer.type === 'BatchNorm' &&
  fieldsOf(layer).scale_bias === true &&
  layer.bottom.length === 1 &&
  layer.top.length === 1;

function separate(layer: LayerParameter, scaleName: string, log: UpgradeLog): LayerParameter[] {
  const {
    scale_bias: _,
    engine: _engine,
    scale_filler,
    bias_filler,
    use_global_stats,
    eps,
    ...others
  } = fieldsOf(layer);
  const statistics = {
    ...others,
    ...(use_global_stats === true && { use_global_stats }),
    ...(eps !== undefined && { eps: Math.max(eps, LEAST_EPS) }),
  };
  layer.param.slice(3, 5).forEach((param) => {
    const field = (['lr_mult', 'decay_mult'] as const).find((name) => (param[name] ?? 1) !== 1);
    if (field === undefined) return;
    log.problems.push({
      ...{ code: 'param-has-no-effect', severity: 'warning', layer: layer.name, at: param, field },
      message: `${field} of scale and bias is 1 whatever is written here, as in NVIDIA's Caffe`,
      hint: 'write a Scale layer behind the BatchNorm, in the place of scale_bias, to choose it',
    });
  });
  const top = layer.top[0]!;
  const batchNorm = log.from(
    {
      ...layer,
      param: namedParams(layer, 0, 3, 0, log),
      batch_norm_param: log.from(statistics as typeof layer.batch_norm_param & object, layer.batch_norm_param!),
    },
    layer,
  );
  const scale = createMessage('LayerParameter', {
    name: scaleName,
    type: 'Scale',
    ...{ include: layer.include, exclude: layer.exclude, bottom: [top], top: [top] },
    param: namedParams(layer, 3, 5, 1, log),
    scale_param: createMessage('ScaleParameter', {
      bias_term: true,
      ...(scale_filler && { filler: scale_filler as FillerParameter }),
      ...(bias_filler && { bias_filler: bias_filler as FillerParameter }),
    }),
  });
  return [batchNorm, log.from(scale, layer)];
}

/** What is left of some `param` where layers share blobs by their names; otherwise all of it is what a layer does anyway. */
function namedParams(layer: LayerParameter, from: number, to: number, mult: 0 | 1, log: UpgradeLog) {
  const params = layer.param.slice(from, to);
  if (params.every(({ name }) => name === undefined)) return [];
  return params.map((param) => log.from({ ...param, lr_mult: mult, decay_mult: mult }, param));
}
