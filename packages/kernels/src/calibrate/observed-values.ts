/** The values that a quantizer saw in calibration, batch by batch, as often as they are asked for. */
export interface ObservedValues {
  /** How many there are, of all batches. */
  readonly count: number;
  /** Hands over the batches in order. */
  forEach(use: (values: Float32Array) => void): Promise<void>;
}

/** Values that are at hand. */
export function observed(...batches: readonly Float32Array[]): ObservedValues {
  return {
    count: batches.reduce((sum, { length }) => sum + length, 0),
    forEach: (use) => {
      batches.forEach(use);
      return Promise.resolve();
    },
  };
}

/** No range can be found on such values. */
export class RangeSearchError extends Error {}
