/**
 * The shortest decimal text that reads back as the same float32 value, written as C's `%g` writes it (`1e-05`, `6e+06`, `0.25`).
 *
 * Equal to what protobuf's TextFormat prints, except where that falls back to nine digits though seven or eight identify the value.
 */
export function formatFloat(value: number): string {
  return formatShortest(value, 9, Math.fround);
}

/** As `formatFloat`, for float64. */
export function formatDouble(value: number): string {
  return formatShortest(value, 17, (number) => number);
}

function formatShortest(value: number, maxDigits: number, round: (number: number) => number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const target = round(value);
  if (!Number.isFinite(target)) return target < 0 ? '-inf' : 'inf';
  if (target === 0) return Object.is(target, -0) ? '-0' : '0';
  let shortest = target.toExponential(maxDigits - 1);
  if (maxDigits > 9) {
    // ECMAScript's own conversion is the shortest for float64.
    shortest = target.toExponential();
  } else {
    for (let digits = 1; digits < maxDigits; digits++) {
      const text = target.toExponential(digits - 1);
      if (round(Number(text)) === target) {
        shortest = text;
        break;
      }
    }
  }
  const [mantissa = '', exponentText = '0'] = shortest.split('e');
  const exponent = Number(exponentText);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '').replace(/0+$/, '');
  // The precision decides in `%g` from where on an exponent is written; protobuf asks for at least 6 digits (15 for float64).
  const precision = Math.max(digits.length, maxDigits > 9 ? 15 : 6);
  if (exponent < -4 || exponent >= precision) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
