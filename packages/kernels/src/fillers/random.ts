/** A seeded stream of random numbers: the same seed gives the same numbers everywhere. */
export interface Random {
  /** Uniform in [0, 1), 32 bit. */
  uniform(): number;
  /** Normal with mean 0 and variance 1. */
  gaussian(): number;
}

const { imul, sqrt, log, cos, PI } = Math;

/** xorshift-multiply generator (splitmix32) over a counter; `seed` is any string. */
export function randomOf(seed: string): Random {
  let state = hash(seed);
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = state;
    bits = imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
  };
  return { uniform, gaussian: () => sqrt(-2 * log(1 - uniform())) * cos(2 * PI * uniform()) };
}

/** FNV-1a of the string's UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
