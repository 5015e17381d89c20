import { durationText } from '../../duration-text.ts';

/** Between two lines, in milliseconds: a short calibration has nothing to say. */
const EVERY = 10_000;

/** Tells how far a calibration is, from one range to the next. */
export class CalibrationProgress {
  readonly #total: number;
  readonly #print: (line: string) => void;
  readonly #now: () => number;
  readonly #started: number;
  #told: number;
  #done = 0;

  /** @param total ranges to find */
  constructor(total: number, print: (line: string) => void, now: () => number = () => performance.now()) {
    [this.#total, this.#print, this.#now] = [total, print, now];
    this.#started = this.#told = now();
  }

  /** One more range is known. */
  found(): void {
    this.#done++;
    const now = this.#now();
    if (this.#done === this.#total || now - this.#told < EVERY) return;
    this.#told = now;
    const left = ((now - this.#started) / this.#done) * (this.#total - this.#done);
    this.#print(`calibrated ${this.#done} of ${this.#total} quantizers, about ${durationText(left)} to go`);
  }
}
