/** From values to places in a picture, and the values worth a label. */
export interface Axis {
  /** Place of a value, in the picture's units, rounded to a tenth. */
  place(value: number): number;
  ticks: readonly { place: number; label: string }[];
}

export interface AxisOptions {
  /** Smallest and largest value to show. */
  domain: readonly [number, number];
  /** Where these two lie in the picture. */
  range: readonly [number, number];
  /** About how many labels; 4 where absent. */
  ticks?: number;
  /** Labels at whole numbers only. */
  whole?: boolean;
  format: (value: number) => string;
}

/** An even axis. A domain of one value is widened around it. */
export function linearAxis({ domain, range, ticks = 4, whole = false, format }: AxisOptions): Axis {
  const [from, to] = widened(domain);
  const place = (value: number): number => tenth(range[0] + ((value - from) / (to - from)) * (range[1] - range[0]));
  const step = whole ? Math.max(1, niceStep((to - from) / ticks)) : niceStep((to - from) / ticks);
  const labels: Axis['ticks'][number][] = [];
  const first = Math.ceil(from / step - 1e-9);
  for (let i = 0; i <= 2 * ticks + 2 && (first + i) * step <= to + step * 1e-9; i++) {
    const value = Number(((first + i) * step).toPrecision(12)) + 0;
    labels.push({ place: place(value), label: format(value) });
  }
  return { place, ticks: labels };
}

/** An axis of powers of ten. The domain must be above 0. */
export function logAxis({ domain, range, format }: AxisOptions): Axis {
  const from = Math.floor(Math.log10(domain[0]) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(domain[1]) - 1e-9));
  const place = (value: number): number =>
    tenth(range[0] + ((Math.log10(value) - from) / (to - from)) * (range[1] - range[0]));
  const every = Math.ceil((to - from) / 5);
  const labels: Axis['ticks'][number][] = [];
  for (let power = from; power <= to; power += every) {
    const value = Number(`1e${power}`);
    labels.push({ place: place(value), label: format(value) });
  }
  return { place, ticks: labels };
}

/** The smallest and the largest of some values, or [0, 1] of none. Values that are not finite do not count. */
export function extentOf(values: Iterable<number>): [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : [0, 1];
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function niceStep(step: number): number {
  const power = Number(`1e${Math.floor(Math.log10(step))}`);
  const factor = [1, 2, 5].find((each) => each * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function widened([from, to]: readonly [number, number]): [number, number] {
  if (to > from) return [from, to];
  const half = Math.abs(from) / 2 || 0.5;
  return [from - half, from + half];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}
