/** Where the documented rules and AMCT itself give a layer different settings, in either mode a warning says so. */
import type { GraphLayer } from '@caffe-quant/caffe-io';
import { DEPTHWISE_TYPES } from '@caffe-quant/kernels/layer-types';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { ConfigIndex } from './config-index.ts';
import { sameClip, sameSettings } from './layer-settings.ts';
import type { Compat } from './plan.ts';
import { whyNotQuantizable } from './quantizable.ts';
import { readLayer } from './reading.ts';
import type { Reading } from './reading.ts';
import type { ResolvedLayer } from './resolved-layer.ts';
import { place, rangeOf } from './wording.ts';

/**
 * The warning about a layer, if any.
 * @param here the layer under the reading in force (`compat`), `there` under the other one.
 */
export function compareReadings(here: ResolvedLayer, there: ResolvedLayer, compat: Compat): Diagnostic[] {
  // The error about a contradiction tells what AMCT does.
  if (here.reading.verdict.kind === 'conflict') return [];
  const differences = differencesOf(here, there);
  if (differences.length === 0) return [];
  const amct = compat === 'amct' ? here : there;
  const decided = amct.reading.verdict;
  const at = decided.kind === 'quantize' ? decided.override?.target : undefined;
  const other = compat === 'amct' ? 'by the documented rules' : 'with AMCT itself';
  return [
    {
      code: 'compat-differs',
      severity: 'warning',
      message: differences.map(([mine, theirs]) => `${mine} here, ${theirs} ${other}`).join('; '),
      ...(at && place(at)),
      layer: here.layer.name,
      hint: hintOf(amct.reading),
    },
  ];
}

/** The types of the forks are quantized here and unknown to AMCT. */
export function compareTypes(layer: GraphLayer, index: ConfigIndex, compat: Compat, file: string): Diagnostic[] {
  if (!DEPTHWISE_TYPES.includes(layer.type) || index.config.format === 'json') return [];
  if (whyNotQuantizable(layer, 'documented') !== undefined) return [];
  const reading = readLayer(layer.name, layer.type, index, 'documented');
  if (reading.verdict.kind !== 'quantize') return [];
  return [
    {
      code: 'compat-differs',
      severity: 'warning',
      message:
        compat === 'amct'
          ? `stays float here, since AMCT does not know the type ${layer.type}; quantized by the documented rules`
          : `quantized here; with AMCT itself it stays float, since AMCT does not know the type ${layer.type}`,
      file,
      ...(layer.line !== undefined && { line: layer.line }),
      layer: layer.name,
    },
  ];
}

/** Pairs of texts: here, there. */
function differencesOf(here: ResolvedLayer, there: ResolvedLayer): [string, string][] {
  const quantizedHere = here.reading.verdict.kind === 'quantize';
  const quantizedThere = there.reading.verdict.kind === 'quantize';
  if (there.reading.verdict.kind === 'conflict') return [['quantized', 'an error: both skipped and overridden']];
  if (quantizedHere !== quantizedThere) {
    return [[quantizedHere ? 'quantized' : 'skipped', quantizedThere ? 'quantized' : 'skipped']];
  }
  const [a, b] = [here.settings, there.settings];
  if (!quantizedHere || sameSettings(a, b)) return [];
  const differences: [string, string][] = [];
  if (!sameClip(a.clip, b.clip)) {
    differences.push([`clip range ${rangeOf(a.clip, a.fixedMin)}`, rangeOf(b.clip, b.fixedMin)]);
  }
  if (a.fixedMin !== b.fixedMin) differences.push([`fixed_min ${a.fixedMin}`, `${b.fixedMin}`]);
  if (a.channelWise !== b.channelWise) differences.push([`channel_wise ${a.channelWise}`, `${b.channelWise}`]);
  return differences;
}

function hintOf({ verdict }: Reading): string {
  if (verdict.kind === 'quantize' && verdict.beaten) {
    return `AMCT lets every override win over ${verdict.beaten.field}; say only one of the two and both readings agree`;
  }
  return 'AMCT takes nothing from another level where an override leaves a half out; write both halves and both readings agree';
}
