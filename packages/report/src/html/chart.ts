/** The parts that all charts share: a frame with its grid, curves, and the figure around it with its legend. */
import { linearAxis, logAxis, type Axis } from './axis.ts';
import type { Point } from './downsample.ts';
import { markup, type Markup, type Part } from './markup.ts';

/** Size of a picture and of what is left free around the plot, in the picture's units: pixels at full size. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A third of the page. */
export const SMALL: Frame = { width: 380, height: 190, left: 52, right: 10, top: 8, bottom: 24 };

export type AxisSpec = { domain: readonly [number, number]; format: (value: number) => string } & (
  { kind?: 'linear'; ticks?: number; whole?: boolean } | { kind: 'log' }
);

export function xAxis(frame: Frame, spec: AxisSpec): Axis {
  return axisOf(spec, [frame.left, frame.width - frame.right]);
}

export function yAxis(frame: Frame, spec: AxisSpec): Axis {
  return axisOf(spec, [frame.height - frame.bottom, frame.top]);
}

/** A picture with its axes; `title` is read out in place of it. */
export function picture(frame: Frame, title: string, axes: { x: Axis; y?: Axis }, content: Part): Markup {
  const { width, height, left, right, bottom } = frame;
  const base = height - bottom;
  return markup`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><title>${title}</title>${axes.y?.ticks.map(
    ({ place, label }) =>
      markup`<path class="grid" d="M${left} ${place}H${width - right}"/><text class="tick" x="${left - 6}" y="${place}" dy="3.5" text-anchor="end">${label}</text>`,
  )}<path class="axis" d="M${left} ${base}H${width - right}"/>${axes.x.ticks.map(
    ({ place, label }) =>
      markup`<path class="axis" d="M${place} ${base}v4"/><text class="tick" ${anchor(place, label, width)} y="${base + 16}">${label}</text>`,
  )}${content}</svg>`;
}

/** A label stands under its place, or as far to the right as the picture goes. */
function anchor(place: number, label: string, width: number): Markup {
  return place + label.length * 3.5 > width
    ? markup`x="${width}" text-anchor="end"`
    : markup`x="${place}" text-anchor="middle"`;
}

/** A path through points, for `d`. Points on a level between their neighbours are left out. */
export function pathOf(points: readonly Point[], x: Axis, y: Axis): string {
  const places = points.map((point) => ({ x: x.place(point.x), y: y.place(point.y) }));
  return places
    .filter((place, i) => place.y !== places[i - 1]?.y || place.y !== places[i + 1]?.y)
    .map((place, i) => `${i === 0 ? 'M' : 'L'}${place.x} ${place.y}`)
    .join('');
}

/** What a mark of a chart means. */
export interface LegendEntry {
  /** Class of the mark: its colour and line style. */
  mark: string;
  text: string;
}

/** A chart with its heading and legend. */
export function figure(caption: string, chart: Markup, legend: readonly LegendEntry[] = [], note?: string): Markup {
  const keys = legend.map(
    ({ mark, text }) =>
      markup`<span class="key"><svg viewBox="0 0 22 10" width="22" height="10" aria-hidden="true"><path class="${mark}" d="M1 5H21"/></svg> ${text}</span> `,
  );
  return markup`<figure><figcaption><b>${caption}</b>${note === undefined ? '' : markup` <span class="quiet">${note}</span>`}</figcaption>
${chart}
${keys.length > 0 ? markup`<div class="legend">${keys}</div>` : ''}</figure>
`;
}

function axisOf(spec: AxisSpec, range: readonly [number, number]): Axis {
  return spec.kind === 'log' ? logAxis({ ...spec, range }) : linearAxis({ ...spec, range });
}
