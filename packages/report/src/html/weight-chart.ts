import { formatCount, formatValue } from '../format-number.ts';
import { weightedChannels } from '../weight-scales.ts';
import { extentOf } from './axis.ts';
import { figure, pathOf, picture, SMALL, xAxis, yAxis } from './chart.ts';
import { downsample } from './downsample.ts';
import { markup, type Markup } from './markup.ts';

/** More channels than this are a curve instead of bars. */
const MAX_BARS = 256;

/** The weight scale of each output channel. Channels of zeros have none. */
export function weightChart(name: string, scales: readonly number[], deadChannels?: readonly number[]): Markup {
  const weighted = weightedChannels(scales, deadChannels);
  const points = (weighted.length > 0 ? weighted : weightedChannels(scales)).map(({ channel, scale }) => ({
    x: channel,
    y: scale,
  }));
  const zeros = scales.length - points.length;
  const [min, max] = extentOf(points.map(({ y }) => y));
  const frame = { ...SMALL, left: 62 };
  const x = xAxis(frame, { domain: [-0.5, scales.length - 0.5], ticks: 6, whole: true, format: formatCount });
  const y = yAxis(frame, { domain: [0, max], format: (value) => formatValue(value, 3) });
  const base = frame.height - frame.bottom;
  const half = Math.max(0.8, ((frame.width - frame.left - frame.right) / scales.length) * 0.38);
  const bars = points.map((point) => {
    const left = Math.round((x.place(point.x) - half) * 10) / 10;
    return `M${left} ${base}V${y.place(point.y)}h${Math.round(half * 20) / 10}V${base}Z`;
  });
  const content =
    points.length > MAX_BARS
      ? markup`<path class="curve" d="${pathOf(downsample(points), x, y)}"/>`
      : markup`<path class="bars" d="${bars.join('')}"/>`;
  const title = `Weight scales of the ${formatCount(scales.length)} output channels of ${name}: ${formatValue(min)} to ${formatValue(max)}`;
  const note = zeros === 0 ? 'by output channel' : `by output channel; ${formatCount(zeros)} of zeros left out`;
  return figure('Weight scales', picture(frame, title, { x, y }, content), [], note);
}
