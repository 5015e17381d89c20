/**
 * A stream of 32-bit numbers that depends on (seed, position, stream) alone: they are hashed into a state with
 * MurmurHash3's finalizer, which then hashes a counter (as in SplitMix).
 *
 * @param stream tells streams of one record apart; absent: that of flips and crops
 */
export function recordRandom(seed: number, position: number, stream?: number): () => number {
  let state = 0;
  const words = [seed, Math.floor(seed / 0x1_0000_0000), position, Math.floor(position / 0x1_0000_0000)];
  for (const word of stream === undefined ? words : [...words, stream]) {
    state = finalize((state + 0x9e3779b9) ^ (word | 0));
  }
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return finalize(state) >>> 0;
  };
}

function finalize(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
