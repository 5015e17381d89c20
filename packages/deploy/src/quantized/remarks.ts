import type { Diagnostic } from 'caffe-prototxt-parser';
import { type ChannelScales, inShort } from './channel-scales.ts';
import type { QuantizedLayer } from './quantized-layer.ts';

/** What is worth knowing of a quantized layer; the message goes on from the layer's type and name. */
export type Remark = Pick<Diagnostic, 'code' | 'severity' | 'message' | 'hint'>;

/** More channels than this are counted, not named. */
const MAX_CHANNELS = 12;

/** What a fold cannot carry over exactly. */
export function foldRemarks({ folded, weights }: QuantizedLayer): Remark[] {
  if (!folded || !weights) return [];
  const { layers, zeroChannels, roundedChannels, clampedWeights, factors } = folded;
  const names = layers.map((name) => `"${name}"`).join(', ');
  const remarks: Remark[] = [];
  const warn = (code: string, message: string) => void remarks.push({ code, severity: 'warning', message });
  if (zeroChannels > 0) {
    warn(
      'batch-norm-zero',
      `has ${zeroChannels} of ${factors.length} channels that ${names} multiply by 0, or by too little for a scale: their weights are exported as 0`,
    );
  }
  if (roundedChannels > 0) {
    warn(
      'batch-norm-rounded',
      `has ${roundedChannels} of ${factors.length} channels that ${names} multiply by too little for a scale of their own: their weights are rounded to the smallest one, 1.2e-7`,
    );
  }
  if (clampedWeights > 0) {
    warn(
      'batch-norm-clamped',
      `has ${clampedWeights} of ${weights.quantized.length} weights of -128 in channels that ${names} multiply by a negative number: 127 stands for 128 there`,
    );
  }
  return remarks;
}

/** Where scale_w is chosen for the bias, and not for the weights. */
export function scaleRemarks({ weights, bias }: QuantizedLayer, { coarse, lost }: ChannelScales): Remark[] {
  const remarks: Remark[] = [];
  const count = bias?.master.length ?? 0;
  const dead = weights?.deadChannels ?? [];
  const biased = dead.filter((channel) => bias?.master[channel]);
  const isFree = weights?.scales.length !== 1 || dead.length === count;
  if (biased.length > 0 && isFree) {
    remarks.push({
      code: 'dead-channel',
      severity: 'info',
      message: `has ${biased.length} of ${count} output channels without weights (${channelsOf(biased)}), which give their bias alone: scale_w is chosen for it`,
    });
  }
  for (const { channels, from, to } of coarse) {
    const which = channels.length === 1 ? `channel ${channels[0]}` : `${channels.length} channels`;
    remarks.push({
      code: 'bias-scale',
      severity: 'warning',
      message: `has a bias in ${which} that int32 cannot hold at the scale of the weights: scale_w is ${inShort(to)} instead of ${inShort(from)}, and the weights have ${inShort(to / from)} times coarser steps`,
      hint: 'check the weights, or add the layer to skip_layers in quant.cfg',
    });
  }
  if (lost.length > 0) {
    const [{ channel, bias: wanted, kept }] = lost as [(typeof lost)[number]];
    remarks.push({
      code: 'bias-lost',
      severity: 'warning',
      message: `has ${lost.length} of ${count} output channels without weights (${channelsOf(lost.map((each) => each.channel))}) under the one scale_w of all: the bias of channel ${channel} becomes ${inShort(kept)} instead of ${inShort(wanted)}`,
      hint: 'a scale for each channel (channel_wise) keeps it where the layer can have one; else skip the layer in quant.cfg',
    });
  }
  return remarks;
}

function channelsOf(channels: readonly number[]): string {
  if (channels.length <= MAX_CHANNELS) return channels.join(', ');
  return `${channels.slice(0, MAX_CHANNELS - 1).join(', ')} and ${channels.length - MAX_CHANNELS + 1} more`;
}
