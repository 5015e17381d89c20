/** How training went, as curves over its iterations: loss, learning rate, and the clip range of one quantizer. */
import type { ClipRange } from '@caffe-quant/resolver';
import { formatCount, formatRange, formatValue } from '../format-number.ts';
import type { TrainingStep } from '../report-input.ts';
import { extentOf } from './axis.ts';
import { figure, pathOf, picture, SMALL, xAxis, yAxis, type AxisSpec, type Frame, type LegendEntry } from './chart.ts';
import { downsample, movingAverage, type Point } from './downsample.ts';
import { markup, type Markup } from './markup.ts';

const WIDE: Frame = { ...SMALL, width: 600, height: 210 };

/** A curve of fewer points is not averaged. */
const MIN_TO_AVERAGE = 40;

/** Where the learning rates differ by more than this factor, the axis is one of powers of ten. */
const LOG_FROM = 20;

export function lossChart(steps: readonly TrainingStep[]): Markup {
  const points = steps.map(({ iteration, loss }) => ({ x: iteration, y: loss })).filter(({ y }) => Number.isFinite(y));
  const window = points.length < MIN_TO_AVERAGE ? 1 : Math.ceil(points.length / 50);
  const average = movingAverage(points, window);
  const [min, max] = extentOf(points.map(({ y }) => y));
  const x = xAxis(WIDE, iterations(steps, 6));
  const y = yAxis(WIDE, { domain: [Math.min(0, min), max], format: (value) => formatValue(value) });
  const curves = markup`${window > 1 ? markup`<path class="curve-faint" d="${pathOf(downsample(points), x, y)}"/>` : ''}<path class="curve" d="${pathOf(downsample(average), x, y)}"/>`;
  const legend: LegendEntry[] =
    window > 1
      ? [
          { mark: 'curve', text: `average of ${window} iterations` },
          { mark: 'curve-faint', text: 'each iteration' },
        ]
      : [];
  return figure(
    'Loss',
    picture(WIDE, `Loss of the training batches over the iterations: ${span(average)}`, { x, y }, curves),
    legend,
    'of the training batches, by iteration',
  );
}

export function learningRateChart(steps: readonly TrainingStep[]): Markup {
  const points = steps.map(({ iteration, learningRate }) => ({ x: iteration, y: learningRate }));
  const [min, max] = extentOf(points.map(({ y }) => y));
  const frame = { ...SMALL, height: WIDE.height };
  const x = xAxis(frame, iterations(steps, 4));
  const format = (value: number): string => formatValue(value);
  const y = yAxis(
    frame,
    min > 0 && max / min > LOG_FROM
      ? { kind: 'log', domain: [min, max], format: (value) => value.toExponential(0) }
      : { domain: [0, max], format },
  );
  const curve = markup`<path class="curve" d="${pathOf(downsample(points), x, y)}"/>`;
  return figure(
    'Learning rate',
    picture(frame, `Learning rate over the iterations: ${span(points)}`, { x, y }, curve),
    [],
    'by iteration',
  );
}

/** The range of one quantizer over training, and after it; undefined where it was not recorded. */
export function clipChart(name: string, steps: readonly TrainingStep[], final?: ClipRange): Markup | undefined {
  const max: Point[] = [];
  const min: Point[] = [];
  const restored: number[] = [];
  for (const { iteration, clips, restored: names } of steps) {
    const clip = Object.hasOwn(clips, name) ? clips[name] : undefined;
    if (!clip) continue;
    max.push({ x: iteration, y: clip[0] });
    min.push({ x: iteration, y: clip[1] });
    if (names?.includes(name)) restored.push(iteration);
  }
  const last = max[max.length - 1];
  if (!last) return undefined;
  const start = { max: max[0]!.y, min: min[0]!.y };
  if (final) {
    max.push({ x: last.x + 1, y: final.max });
    min.push({ x: last.x + 1, y: final.min });
  }
  const end = { max: max[max.length - 1]!.y, min: min[min.length - 1]!.y };
  const x = xAxis(SMALL, iterations(steps, 4));
  const upper = downsample(max);
  const lower = downsample(min);
  const y = yAxis(SMALL, {
    domain: extentOf([0, ...upper.map((point) => point.y), ...lower.map((point) => point.y)]),
    format: (value) => formatValue(value),
  });
  const band = pathOf([...upper, ...[...lower].reverse()], x, y);
  const marks = downsample(restored.map((iteration) => ({ x: iteration, y: 0 })));
  const content = markup`<path class="band" d="${band}Z"/><path class="zero" d="M${SMALL.left} ${y.place(0)}H${SMALL.width - SMALL.right}"/><path class="clip-end" d="${pathOf(upper, x, y)}"/><path class="clip-end" d="${pathOf(lower, x, y)}"/>${marks.length > 0 ? markup`<path class="restore" d="${marks.map((mark) => `M${x.place(mark.x)} ${SMALL.top}v${SMALL.height - SMALL.top - SMALL.bottom}`).join('')}"/>` : ''}`;
  const title = `Clip range of ${name} over the iterations: from ${formatRange(start)} to ${formatRange(end)}`;
  const legend: LegendEntry[] = [{ mark: 'clip-end', text: 'clip_max and clip_min' }];
  if (restored.length > 0) legend.push({ mark: 'restore', text: `restored (${formatCount(restored.length)} times)` });
  return figure('Clip range in training', picture(SMALL, title, { x, y }, content), legend, 'by iteration');
}

/** From the first iteration to the end of the last one. */
function iterations(steps: readonly TrainingStep[], ticks: number): AxisSpec {
  const [from, to] = extentOf(steps.map(({ iteration }) => iteration));
  return { domain: [from, to + 1], ticks, whole: true, format: formatCount };
}

function span(points: readonly Point[]): string {
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last) return 'none';
  return `${formatValue(first.y)} at first, ${formatValue(last.y)} at last`;
}
