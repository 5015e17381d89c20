/**
 * A stream of 32-bit numbers that depends on (seed, position) alone: both are hashed into a state with
 * MurmurHash3's finalizer, which then hashes a counter (as in SplitMix).
 */
export function recordRandom(seed: number, position: number): () => number {
  let state = 0;
  for (const word of [seed, Math.floor(seed / 0x1_0000_0000), position, Math.floor(position / 0x1_0000_0000)]) {
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
