import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

/**
 * Results in a file of JSON lines, each with what it is a result of, so that a killed run goes on. A line that was not
 * written to its end is dropped.
 */
export class KeptResults {
  readonly #file: string;
  readonly #found = new Map<string, unknown>();

  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) return;
    const bytes = readFileSync(file);
    const end = bytes.lastIndexOf('\n') + 1;
    if (end < bytes.length) truncateSync(file, end);
    for (const line of bytes.subarray(0, end).toString('utf8').split('\n').filter(Boolean)) {
      const { of, found } = JSON.parse(line) as { of: object; found: unknown };
      this.#found.set(JSON.stringify(of), found);
    }
  }

  /** @returns undefined where there is none yet. */
  find(of: object): unknown {
    return this.#found.get(JSON.stringify(of));
  }

  add(of: object, found: unknown): void {
    appendFileSync(this.#file, `${JSON.stringify({ of, found })}\n`);
    this.#found.set(JSON.stringify(of), found);
  }
}
