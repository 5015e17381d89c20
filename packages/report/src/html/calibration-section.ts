/** What the options of calibration did; nothing where none is in use. */
import { calibrationEffects, describeCalibration } from '../calibration-effects.ts';
import type { ReportInput } from '../report-input.ts';
import { markup, type Part } from './markup.ts';
import { section, table, type Cell } from './page-parts.ts';

const HEAD = ['layer', 'input, dB', 'weights, dB', 'rounding, dB', 'output, dB', 'left out'];

export function calibrationSection({ calibration }: ReportInput): Part {
  const sentences = describeCalibration(calibration);
  if (sentences.length === 0) return undefined;
  const rows = calibrationEffects(calibration).map(({ layer, input, weights, rounding, output, leftOut }): Cell[] => [
    layer,
    { number: change(input) },
    { number: change(weights) },
    { number: change(rounding) },
    { number: change(output) },
    leftOut.join('; '),
  ]);
  return section('calibration', 'Calibration', [
    ...sentences.map((sentence) => markup`<p>${sentence}</p>\n`),
    table('What calibration did to each layer', HEAD, rows),
    markup`<p class="quiet">Signal to noise before and after. input: quantized with IFMR's range, and with the one that was found. weights: quantized before and after equalization, the mean over the output channels. rounding: the output against the float net's, with weights rounded to nearest and as learned, on rows that were not learned on. output: against the float net's, before and after bias correction.</p>\n`,
  ]);
}

const change = (figures: { before: number; after: number } | undefined): string | undefined =>
  figures && `${figures.before.toFixed(1)} \u2192 ${figures.after.toFixed(1)}`;
