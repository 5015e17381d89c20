/** Numbers that are the same in every run of one seed. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). Marsaglia's xorshift, over a Weyl sequence. */
  unit(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let h = this.#state;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  }

  /** An integer in [low, high]. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  pick<T>(values: readonly T[]): T {
    return values[this.int(0, values.length - 1)]!;
  }

  chance(probability = 0.5): boolean {
    return this.unit() < probability;
  }

  /** `length` integers in [low, high]. */
  ints(length: number, low: number, high: number): number[] {
    return Array.from({ length }, () => this.int(low, high));
  }

  /** `count` numbers in [low, high) that float32 holds exactly. */
  numbers(count: number, low: number, high: number): number[] {
    return Array.from({ length: count }, () => Math.fround(low + this.unit() * (high - low)));
  }

  /** A number with few digits, as people write it. */
  decimal(low: number, high: number): number {
    return Number((low + this.unit() * (high - low)).toFixed(2));
  }

  shuffled<T>(values: readonly T[]): T[] {
    const rest = [...values];
    return values.map(() => rest.splice(this.int(0, rest.length - 1), 1)[0]!);
  }
}
