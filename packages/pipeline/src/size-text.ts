const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** The bytes that a text such as "500MB" or "20 GB" says; undefined for one that says no size. */
export function sizeOf(text: string): number | undefined {
  const [, number, unit = 'b'] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?b)?\s*$/i.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit.toLowerCase()]!;
}
