/** What of some numbers is NaN or infinite. */
export interface NotFinite {
  /** Position of the first one. */
  readonly element: number;
  readonly value: number;
  /** How many there are. */
  readonly count: number;
}

/** The NaN and infinities among `numbers`; undefined where there are none, which one quick pass finds. */
export function findNotFinite(numbers: Float32Array): NotFinite | undefined {
  // A product with 0 is 0 for every finite number and NaN for all others.
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]! * 0;
  if (sum === 0) return undefined;
  const isOne = (value: number) => value - value !== 0;
  const element = numbers.findIndex(isOne);
  return { element, value: numbers[element]!, count: numbers.reduce((count, x) => count + (isOne(x) ? 1 : 0), 0) };
}

/** The index tuple of an element, `[1, 0, 2]`, in a row-major array of `shape`. */
export function elementPlace(element: number, shape: readonly number[]): string {
  const place: number[] = [];
  let rest = element;
  for (const length of [...shape].reverse()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return `[${place.join(', ')}]`;
}

/**
 * `element [0, 3] is NaN`, and how many more there are.
 *
 * @param shape of the array that was searched
 */
export function describeNotFinite({ element, value, count }: NotFinite, shape: readonly number[]): string {
  const others = count > 1 ? `, the first of ${count} that are not finite` : '';
  const place = shape.length === 0 ? '' : `element ${elementPlace(element, shape)} `;
  return `${place}is ${value}${others}`;
}
