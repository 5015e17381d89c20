import type { RunOutput } from '../net/net-runner.ts';

/** What equal outputs count as, since their noise has no logarithm. */
const EQUAL_DB = 200;

/** Adds up, batch by batch, how far a model's outputs are from those of a reference. */
export class OutputNoise {
  readonly #outputs: readonly string[];
  readonly #signal = new Map<string, number>();
  readonly #noise = new Map<string, number>();

  /** @param outputs ids of the blobs that are compared */
  constructor(outputs: readonly string[]) {
    this.#outputs = outputs;
  }

  add(reference: ReadonlyMap<string, RunOutput>, model: ReadonlyMap<string, RunOutput>): void {
    for (const id of this.#outputs) {
      const [expected, actual] = [reference.get(id)!.data, model.get(id)!.data];
      let signal = 0;
      let noise = 0;
      for (let i = 0; i < expected.length; i++) {
        const value = expected[i]!;
        const difference = actual[i]! - value;
        signal += value * value;
        noise += difference * difference;
      }
      this.#signal.set(id, (this.#signal.get(id) ?? 0) + signal);
      this.#noise.set(id, (this.#noise.get(id) ?? 0) + noise);
    }
  }

  /**
   * The signal-to-quantization-noise ratio of each output in dB, 10 log10(sum of squares of the reference / sum of squares
   * of the differences), at most 200.
   */
  byOutput(): Record<string, number> {
    return Object.fromEntries(
      this.#outputs.map((id) => {
        const [signal, noise] = [this.#signal.get(id) ?? 0, this.#noise.get(id) ?? 0];
        const ratio = noise === 0 ? EQUAL_DB : 10 * Math.log10(signal / noise);
        return [id, Math.max(-EQUAL_DB, Math.min(EQUAL_DB, ratio))];
      }),
    );
  }

  /** The same by the names of the metrics. */
  ratios(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.byOutput()).map(([id, ratio]) => [noiseMetric(id), ratio]));
  }
}

/** Name of the metric of an output. */
export const noiseMetric = (output: string): string => `${output} SQNR dB`;
