/** How numbers are written for people. Independent of the machine's language, so that equal input gives equal text. */
import type { ClipRange } from '@caffe-quant/resolver';

/** A number in `digits` significant digits, without trailing zeros: `0.0234`, `-128`, `1.2e-7`. */
export function formatValue(value: number, digits = 5): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const text = value.toPrecision(digits);
  const [mantissa = '', exponent] = (
    text.includes('e') || Math.abs(value) >= 1e-4 ? text : value.toExponential(digits - 1)
  ).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return exponent === undefined ? short : `${short}e${exponent.replace('+', '')}`;
}

/** The float32 number in full: the shortest decimal that reads back as the same float32. */
export function formatFloat32(value: number): string {
  const target = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = target.toPrecision(digits);
    if (Math.fround(Number(text)) === target) return String(Number(text));
  }
  return Number.isFinite(target) ? String(Number(target.toPrecision(9))) : String(value);
}

/** `12,345`. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share of 1 as `91.25 %`. Not all is never rounded up to 100 %, and not nothing is never 0 but `< 0.01 %`. */
export function formatShare(share: number, decimals = 2): string {
  const text = (share * 100).toFixed(decimals);
  const unit = 10 ** -decimals;
  if (share < 1 && Number(text) >= 100) return `${(100 - unit).toFixed(decimals)} %`;
  if (share > 0 && Number(text) === 0) return `< ${unit.toFixed(decimals)} %`;
  return `${text} %`;
}

/** A difference of two shares in percentage points, with its sign: `-0.35`, `+1.20`, `0.00`. */
export function formatPoints(difference: number): string {
  return signed((difference * 100).toFixed(2));
}

/** A difference of two values, with its sign. */
export function formatDifference(difference: number): string {
  return signed(difference.toFixed(4));
}

/** `[-6, 5.9132]`. */
export function formatRange({ max, min }: ClipRange, digits = 5): string {
  return `[${formatValue(min, digits)}, ${formatValue(max, digits)}]`;
}

/** Bytes as `12.3 kB`; units of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

function signed(text: string): string {
  const value = Number(text);
  if (value === 0) return text.replace('-', '');
  return value > 0 ? `+${text}` : text;
}
