import type { AnyLayerParameter } from '../generated/any-dialect.ts';
import type { NetParameter } from '../generated/caffe.ts';
import type { UpgradeLog } from '../upgrade/upgrade-log.ts';
import type { Dialect } from './dialect-schema.ts';

/** By which field, that changes nothing else, a layer is known as that of a fork. */
const MARKS = { nvidia: { forward_type: 'FLOAT' }, intel: { engine: 'CAFFE' } } as const;

/**
 * Notes in layers with `label_smoothing` whose they are: NVIDIA/caffe and intel/caffe both have the field and compute
 * different gradients. Layers of a net that fits both stay as they are; only who wrote them can tell.
 *
 * @param fits whether the net's text can be read as that fork's as well
 */
export function withLabelSmoothingFork(
  net: NetParameter,
  dialect: Dialect,
  fits: (other: keyof typeof MARKS) => boolean,
  log: UpgradeLog,
): NetParameter {
  if (dialect !== 'nvidia' && dialect !== 'intel') return net;
  const smoothed = new Set(net.layer.filter(isUnmarked));
  if (smoothed.size === 0 || fits(dialect === 'nvidia' ? 'intel' : 'nvidia')) return net;
  const layer = net.layer.map((each) => (smoothed.has(each) ? log.from({ ...each, ...MARKS[dialect] }, each) : each));
  return log.from({ ...net, layer }, net);
}

function isUnmarked({ loss_param, forward_type, engine }: AnyLayerParameter): boolean {
  return (loss_param?.label_smoothing ?? 0) !== 0 && forward_type === undefined && engine === undefined;
}
