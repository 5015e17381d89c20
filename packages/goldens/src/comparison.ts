import type { Device } from '@caffe-quant/kernels';
import type { ByDevice } from './limits.ts';

/** One quantity of a case beside its reference. */
export interface Measure {
  what: string;
  /** In the unit of the limit: relative to the tensor's largest element, or absolute where the limit is 0. */
  error: number;
  limit: number;
}

/** Below this, a tensor's largest element does not scale its error. */
const SMALLEST_SCALE = 1e-6;

/** Collects how far a case's numbers are from their references. */
export class Comparison {
  readonly measures: Measure[] = [];
  /** What computes the case's numbers. */
  readonly device: Device;

  constructor(device: Device = 'cpu') {
    this.device = device;
  }

  /** Every element equal; 0 equals -0, and NaN itself. The error is the largest difference. */
  exact(what: string, actual: ArrayLike<number> | undefined, expected: ArrayLike<number>): void {
    this.add(what, largestDifference(actual, expected), 0);
  }

  /** max|actual - expected| / max(max|expected|, 1e-6) at most `limit`. */
  relative(
    what: string,
    actual: ArrayLike<number> | undefined,
    expected: ArrayLike<number>,
    limit: number,
    scale = largest(expected),
  ): void {
    this.add(what, largestDifference(actual, expected) / Math.max(scale, SMALLEST_SCALE), limit);
  }

  /** As the device's limit says: bit by bit where it is 0, else `relative`. */
  within(
    what: string,
    actual: ArrayLike<number> | undefined,
    expected: ArrayLike<number>,
    limits: ByDevice,
    scale?: number,
  ): void {
    const limit = limits[this.device];
    if (limit === 0) this.exact(what, actual, expected);
    else this.relative(what, actual, expected, limit, scale);
  }

  add(what: string, error: number, limit: number): void {
    this.measures.push({ what, error, limit });
  }

  /** A statement that has to hold. */
  holds(what: string, condition: boolean): void {
    this.add(what, condition ? 0 : Number.POSITIVE_INFINITY, 0);
  }

  get passed(): boolean {
    return this.measures.length > 0 && this.measures.every(isWithin);
  }

  /** The measure that is worst against its limit; of several the last, since numbers come after shapes. */
  get worst(): Measure | undefined {
    return this.measures.reduce<Measure | undefined>(
      (worst, measure) => (worst === undefined || excess(measure) >= excess(worst) ? measure : worst),
      undefined,
    );
  }
}

export function isWithin({ error, limit }: Measure): boolean {
  return error <= limit;
}

/** How much of its limit a measure takes up: above 1 it fails. */
export function excess({ error, limit }: Measure): number {
  if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
  if (limit > 0) return error / limit;
  return error > 0 ? Number.POSITIVE_INFINITY : 0;
}

function largestDifference(actual: ArrayLike<number> | undefined, expected: ArrayLike<number>): number {
  if (actual?.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const difference = Math.abs(a - b);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, difference);
  }
  return worst;
}

function largest(values: ArrayLike<number>): number {
  let result = 0;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) result = Math.max(result, Math.abs(values[i]!));
  return result;
}
