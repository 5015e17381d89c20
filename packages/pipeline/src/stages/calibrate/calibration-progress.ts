import { durationText } from '../../duration-text.ts';

/** Between two lines, in milliseconds: a short calibration has nothing to say. */
const EVERY = 10_000;

/** What is done, and of what: in words. */
interface Progressing {
  readonly done: string;
  readonly of: string;
}

const RANGES: Progressing = { done: 'calibrated', of: 'quantizers' };
export const ROUNDED_LAYERS: Progressing = { done: 'learned the rounding of', of: 'layers' };

/** Tells how far a calibration is, from one range, or layer, to the next. */
export class CalibrationProgress {
  readonly #total: number;
  readonly #print: (line: string) => void;
  readonly #what: Progressing;
  readonly #now: () => number;
  readonly #started: number;
  #told: number;
  #done = 0;

  /** @param total ranges to find, or layers to go through */
  constructor(
    total: number,
    print: (line: string) => void,
    now: () => number = () => performance.now(),
    what: Progressing = RANGES,
  ) {
    [this.#total, this.#print, this.#now, this.#what] = [total, print, now, what];
    this.#started = this.#told = now();
  }

  /** One more of them is done. */
  found(): void {
    this.#done++;
    const now = this.#now();
    if (this.#done === this.#total || now - this.#told < EVERY) return;
    this.#told = now;
    const left = ((now - this.#started) / this.#done) * (this.#total - this.#done);
    this.#print(
      `${this.#what.done} ${this.#done} of ${this.#total} ${this.#what.of}, about ${durationText(left)} to go`,
    );
  }
}
