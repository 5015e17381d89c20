import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

/**
 * Results in a file of JSON lines, each with what it is a result of, so that a killed run goes on. A line that was not
 * written to its end is dropped; one of another version of the numbers is passed over.
 */
export class KeptResults {
  readonly #file: string;
  readonly #version: number;
  readonly #found = new Map<string, unknown>();

  /** @param version of the numbers that are computed: `NUMERICS_VERSION` */
  constructor(file: string, version: number) {
    [this.#file, this.#version] = [file, version];
    if (!existsSync(file)) return;
    const bytes = readFileSync(file);
    const end = bytes.lastIndexOf('\n') + 1;
    if (end < bytes.length) truncateSync(file, end);
    for (const line of bytes.subarray(0, end).toString('utf8').split('\n').filter(Boolean)) {
      const kept = JSON.parse(line) as { version?: number; of: object; found: unknown };
      if (kept.version === version) this.#found.set(JSON.stringify(kept.of), kept.found);
    }
  }

  /** @returns undefined where there is none yet. */
  find(of: object): unknown {
    return this.#found.get(JSON.stringify(of));
  }

  add(of: object, found: unknown): void {
    appendFileSync(this.#file, `${JSON.stringify({ version: this.#version, of, found })}\n`);
    this.#found.set(JSON.stringify(of), found);
  }
}
