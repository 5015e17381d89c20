import { type LayerParameter, settingsOf } from '@caffe-quant/caffe-io';
import type { Shape } from '@caffe-quant/kernels';
import { convolutionOfType, DEPTHWISE_TYPES, innerProduct } from '@caffe-quant/kernels/layer-types';
import type { CanonicalPlan } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { EditableNet, type NetSource } from './editable-net.ts';
import { inferShapes } from './infer-shapes.ts';

/** More layers than this are counted, not named. */
const MAX_NAMES = 8;

export interface PlainLayers {
  source: NetSource;
  /** Names of the layers that have another type now. */
  renamed: readonly string[];
  /** Names of the layers that say `normalize` no more: their weights have that norm. */
  normalized: readonly string[];
}

/**
 * A net whose layers of forks are what they stand for, where a layer of BVLC's computes the same with the same weights: a
 * depthwise one is a Convolution, with `num_output` and `group` where they were absent, and an InnerProduct has no `normalize`.
 * Neither BVLC Caffe nor AMCT's layers nor Ascend's ATC know the others. A net without such layers stays the same text.
 *
 * @param given shapes of the data layers' tops, by name
 * @throws DiagnosticsError where a depthwise layer leaves its outputs to its input, and the net does not fit together
 */
export function plainLayers(source: NetSource, given: ReadonlyMap<string, Shape>): PlainLayers {
  const net = EditableNet.open(source);
  const depthwise = net.layers.filter(({ param }) => DEPTHWISE_TYPES.includes(param.type ?? ''));
  const normalized = net.layers.filter(
    ({ param }) => param.type === 'InnerProduct' && settingsOf(innerProduct, param).hasUnitRows,
  );
  if (depthwise.length + normalized.length === 0) return { source, renamed: [], normalized: [] };
  const toCount = depthwise
    .filter(({ param }) => numOutputOf(param) === undefined)
    .map(({ param }) => param.name ?? '');
  const channels = channelsOf(net, toCount, given);
  for (const layer of depthwise) {
    net.makeConvolution(layer, numOutputOf(layer.param) ?? channels.get(layer.param.name ?? '')!);
  }
  for (const layer of normalized) net.takeNormalizeOff(layer);
  const namesOf = (layers: typeof net.layers) => [...new Set(layers.map(({ param }) => param.name ?? ''))];
  const plain = { text: net.text(), file: source.file };
  return { source: plain, renamed: namesOf(depthwise), normalized: namesOf(normalized) };
}

const numOutputOf = (param: LayerParameter): number | undefined =>
  settingsOf(convolutionOfType(param.type ?? '')!, param).numOutput;

/** The channels of the first bottoms of some layers, by their names. The TRAIN net is looked at for those that TEST lacks. */
function channelsOf(
  net: EditableNet,
  layers: readonly string[],
  given: ReadonlyMap<string, Shape>,
): ReadonlyMap<string, number> {
  const channels = new Map<string, number>();
  for (const phase of ['TEST', 'TRAIN'] as const) {
    if (layers.every((name) => channels.has(name))) break;
    for (const [name, { bottoms }] of inferShapes(net.graph(phase), given).layers) {
      if (layers.includes(name)) channels.set(name, bottoms[0]![1]!);
    }
  }
  return channels;
}

/** The plan for a net whose depthwise layers are plain convolutions. */
export function planOfPlain(plan: CanonicalPlan): CanonicalPlan {
  const layers = plan.layers.map((layer) =>
    DEPTHWISE_TYPES.includes(layer.type) ? { ...layer, type: 'Convolution' } : layer,
  );
  return { ...plan, layers };
}

/** What is worth knowing about them. */
export function plainLayerNotes(file: string, { renamed, normalized }: PlainLayers): Diagnostic[] {
  const note = (code: string, names: readonly string[], what: string): Diagnostic[] =>
    names.length === 0 ? [] : [{ code, severity: 'info', message: `${what}: ${inShort(names)}`, file }];
  return [
    ...note(
      'depthwise-type',
      renamed,
      'written as Convolution with a group a channel, which BVLC Caffe, AMCT and ATC know',
    ),
    ...note(
      'unit-rows',
      normalized,
      'written without normalize, which BVLC Caffe, AMCT and ATC do not know: the rows of the weights have the norm 1',
    ),
  ];
}

function inShort(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => `"${name}"`);
  return `${shown.join(', ')}${names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''}`;
}
