import { DEPTHWISE_TYPES } from '@caffe-quant/kernels/layer-types';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { EditableNet, type NetSource } from './editable-net.ts';

/** More layers than this are counted, not named. */
const MAX_NAMES = 8;

export interface PlainConvolutions {
  source: NetSource;
  /** Names of the layers that have another type now. */
  renamed: readonly string[];
}

/**
 * A net whose depthwise layers of forks are what they stand for: Convolution, with `group` where it was absent. Neither
 * BVLC Caffe nor AMCT's layers nor Ascend's ATC know the other types; the weights are the same. A net without such layers
 * stays the same text.
 */
export function plainConvolutions(source: NetSource): PlainConvolutions {
  const net = EditableNet.open(source);
  const depthwise = net.layers.filter(({ param }) => DEPTHWISE_TYPES.includes(param.type ?? ''));
  if (depthwise.length === 0) return { source, renamed: [] };
  for (const layer of depthwise) net.makeConvolution(layer);
  const renamed = [...new Set(depthwise.map(({ param }) => param.name ?? ''))];
  return { source: { text: net.text(), file: source.file }, renamed };
}

/** The plan for a net whose depthwise layers are plain convolutions. */
export function planOfPlain(plan: CanonicalPlan): CanonicalPlan {
  const layers = plan.layers.map((layer) =>
    DEPTHWISE_TYPES.includes(layer.type) ? { ...layer, type: 'Convolution' } : layer,
  );
  return { ...plan, layers };
}

/** What is worth knowing about them. */
export function plainConvolutionNotes(file: string, renamed: readonly string[]): Diagnostic[] {
  if (renamed.length === 0) return [];
  const names = renamed.slice(0, MAX_NAMES).map((name) => `"${name}"`);
  const rest = renamed.length > MAX_NAMES ? ` and ${renamed.length - MAX_NAMES} more` : '';
  const message = `written as Convolution with a group a channel, which BVLC Caffe, AMCT and ATC know: ${names.join(', ')}${rest}`;
  return [{ code: 'depthwise-type', severity: 'info', message, file }];
}
