import type { ClipRange } from '@caffe-quant/resolver';
import { formatCount, formatRange, formatValue } from '../format-number.ts';
import type { ObservedValues } from '../report-input.ts';
import { extentOf, type Axis } from './axis.ts';
import { figure, picture, SMALL, xAxis, type LegendEntry } from './chart.ts';
import { markup, type Markup } from './markup.ts';

export interface ObservedChart {
  /** What the values are of. */
  name: string;
  observed: ObservedValues;
  initial: ClipRange;
  /** Absent where nothing was trained. */
  final?: ClipRange;
}

/**
 * Histogram of the values that a quantizer saw in calibration, with its range at the start and at the end. Heights are
 * logarithms of counts: the few values at the ends, which the range is about, would not be seen otherwise.
 */
export function observedChart({ name, observed, initial, final }: ObservedChart): Markup {
  const frame = { ...SMALL, left: 10, top: 14 };
  const [low, high] = extentOf([
    observed.min,
    observed.max,
    initial.min,
    initial.max,
    ...(final ? [final.min, final.max] : []),
  ]);
  const margin = (high - low) * 0.02;
  const x = xAxis(frame, { domain: [low - margin, high + margin], ticks: 6, format: (value) => formatValue(value) });
  const base = frame.height - frame.bottom;
  const range = final ?? initial;
  const bars = barPaths(observed, range, x, { base, height: base - frame.top });
  const ends = (clip: ClipRange, className: string, top: number): Markup =>
    markup`<path class="${className}" d="M${x.place(clip.min)} ${base}V${top}H${x.place(clip.max)}V${base}"/>`;
  const content = markup`<path class="bars" d="${bars.inside}"/><path class="bars-clipped" d="${bars.outside}"/>${final ? ends(initial, 'clip-start', 3) : ''}${ends(range, 'clip-end', 9)}`;
  const title = `Histogram of ${formatCount(observed.count)} input values of ${name}, from ${formatValue(observed.min)} to ${formatValue(observed.max)}; clip range ${formatRange(initial)}${final ? ` at the start, ${formatRange(final)} at the end` : ''}`;
  const legend: LegendEntry[] = [
    ...(final ? [{ mark: 'clip-start', text: `start ${formatRange(initial, 4)}` }] : []),
    { mark: 'clip-end', text: `${final ? 'end' : 'clip range'} ${formatRange(range, 4)}` },
    ...(bars.outside === '' ? [] : [{ mark: 'key-clipped', text: 'clipped' }]),
  ];
  return figure('Inputs in calibration', picture(frame, title, { x }, content), legend, 'log of counts');
}

/** Bars within the range and beyond it; a bar that an end of the range crosses is cut there. */
function barPaths(
  { min, max, bins }: ObservedValues,
  range: ClipRange,
  x: Axis,
  { base, height }: { base: number; height: number },
): { inside: string; outside: string } {
  const most = Math.log1p(Math.max(0, ...bins));
  const paths = { inside: '', outside: '' };
  const width = (max - min) / bins.length;
  bins.forEach((bin, index) => {
    if (bin <= 0) return;
    const from = width > 0 ? min + index * width : min;
    const to = width > 0 ? from + width : max;
    const top = Math.round((base - (Math.log1p(bin) / most) * height) * 10) / 10;
    const cuts = [range.min, range.max].filter((cut) => cut > from && cut < to);
    const edges = [from, ...cuts, to];
    for (let part = 0; part + 1 < edges.length; part++) {
      const [start, end] = [edges[part]!, edges[part + 1]!];
      const middle = (start + end) / 2;
      const side = middle < range.min || middle > range.max ? 'outside' : 'inside';
      // A bin without width, of values that are all equal, is drawn as a thin bar.
      const [left, right] = end > start ? [x.place(start), x.place(end)] : [x.place(start) - 1, x.place(start) + 1];
      paths[side] += `M${left} ${base}V${top}H${right}V${base}Z`;
    }
  });
  return paths;
}
