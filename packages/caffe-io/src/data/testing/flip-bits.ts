import { readFileSync, writeFileSync } from 'node:fs';
import { DiagnosticsError } from 'caffe-prototxt-parser';

/** What came of a file with one wrong bit. */
export interface Flips {
  /** Refused, in a diagnostic that names the file. */
  refused: number;
  /** Read, and nothing differs: no content hung on the bit. */
  same: number;
  /** Read, with other content, and nothing was said. */
  silent: number;
  /** Refused without a word of the file: never to be. */
  unnamed: string[];
}

/**
 * Turns single bits of a file over, at places that are the same in every run, and reads each time.
 *
 * @param named what a diagnostic has to name
 * @param read gives the content as text that can be compared; it throws DiagnosticsError where it refuses
 */
export async function flipBits(
  { file, named, trials, seed = 1 }: { file: string; named: string; trials: number; seed?: number },
  read: () => Promise<string>,
): Promise<Flips> {
  const whole = readFileSync(file);
  const content = await read();
  const flips: Flips = { refused: 0, same: 0, silent: 0, unnamed: [] };
  const random = xorshift(seed);
  for (let trial = 0; trial < trials; trial++) {
    const bytes = Buffer.from(whole);
    const bit = random() % (8 * bytes.length);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(file, bytes);
    try {
      if ((await read()) === content) flips.same++;
      else flips.silent++;
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      const said = error.diagnostics.map((d) => `${d.file}: ${d.message}`).join('\n');
      if (said.includes(named)) flips.refused++;
      else flips.unnamed.push(`bit ${bit}: ${said}`);
    }
  }
  writeFileSync(file, whole);
  return flips;
}

/** Marsaglia's xorshift32. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
