import type { NetParameter } from '../generated/caffe.ts';
import { separateFusions } from './separate-fusions.ts';
import { separateScales } from './separate-scales.ts';
import { upgradeBatchNorm } from './upgrade-batch-norm.ts';
import { upgradeDataTransformation } from './upgrade-data-transformation.ts';
import { upgradeInput } from './upgrade-input.ts';
import { UpgradeLog } from './upgrade-log.ts';
import { upgradeV0 } from './upgrade-v0.ts';
import { upgradeV1 } from './upgrade-v1.ts';

/**
 * Brings a net of any year to today's form: `layer` with string types, Input layers, transform_param. A net that needs
 * nothing comes back as the same object. Source and order: BVLC Caffe, UpgradeNetAsNeeded in
 * src/caffe/util/upgrade_proto.cpp, which the tools upgrade_net_proto_text and upgrade_net_proto_binary call. Layers that
 * a fork computes within others come out beside them.
 */
export function upgradeNet(net: NetParameter): { net: NetParameter; log: UpgradeLog } {
  const log = new UpgradeLog();
  const steps = [
    upgradeV0,
    upgradeDataTransformation,
    upgradeV1,
    upgradeInput,
    upgradeBatchNorm,
    separateScales,
    separateFusions,
  ];
  return { net: steps.reduce((upgraded, step) => step(upgraded, log), net), log };
}
