/** How layers, places and ranges are written in messages and in the explanation of a plan. */
import type { ClipRange } from '@caffe-quant/kernels/layer-types';
import { formatFloat } from 'caffe-prototxt-parser';
import type { Location } from '@caffe-quant/config';
import type { GraphLayer } from '@caffe-quant/caffe-io';
import type { ValueSource } from './plan.ts';

/** What measures a range where nobody asks for something else. */
export const IFMR = 'IFMR';

const MAX_NAMES = 8;

/** The place of a diagnostic. */
export function place({ file, line, column }: Location): Location {
  return { file, line, column };
}

/** `quant.cfg:7`. */
export function fileLine({ file, line }: { file?: string; line?: number }): string {
  return line === undefined ? (file ?? '') : `${file ?? ''}:${line}`;
}

/** `conv1, conv2, ... and 3 more`. */
export function namesOf(names: readonly string[]): string {
  if (names.length <= MAX_NAMES) return names.join(', ');
  return `${names.slice(0, MAX_NAMES - 1).join(', ')} and ${names.length - MAX_NAMES + 1} more`;
}

/** `ip1 (line 120)`, the line being the prototxt's. */
export function layersOf(layers: readonly GraphLayer[]): string {
  return namesOf(layers.map(({ name, line }) => (line === undefined ? name : `${name} (line ${line})`)));
}

/** `[-6, 6]` as training uses it, or what measures the range: `IFMR`. */
export function rangeOf(clip: ClipRange | undefined, fixedMin: boolean, measuredBy = IFMR): string {
  if (!clip) return fixedMin ? `${measuredBy}, from 0` : measuredBy;
  return `[${fixedMin ? '0' : formatFloat(clip.min)}, ${formatFloat(clip.max)}]`;
}

/** `layer, quant.cfg:7` or `default`. */
export function sourceOf(source: ValueSource): string {
  const at = fileLine(source);
  return at === '' ? source.level : `${source.level}, ${at}`;
}
