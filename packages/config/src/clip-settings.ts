/** What a clip range must be, as far as it can be told without the net. */
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { ClipSettings, Located } from './retrain-config.ts';

/**
 * clip_max > 0 and clip_min < 0, finite as float32, and not so close that the scale (max - min) / 255 becomes 0. A
 * clip_min of exactly 0 passes: whether it is legal depends on the layer's fixed_min.
 */
export function checkClip({ max, min }: ClipSettings): Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const [name, { value, file, line, column }] of [
    ['clip_max', max],
    ['clip_min', min],
  ] as const) {
    if (Number.isFinite(value)) {
      if (name === 'clip_max' && value <= 0) problems.push(wrongSign('clip_max', 'larger', max));
      if (name === 'clip_min' && value > 0) problems.push(wrongSign('clip_min', 'less', min));
      continue;
    }
    const message = `${name} is ${value}; it should be a finite float32`;
    problems.push({ code: 'clip-not-finite', severity: 'error', message, file, line, column });
  }
  if (problems.length > 0) return problems;
  const range = Math.fround(max.value - min.value);
  if (!Number.isFinite(range) || Math.fround(range / 255) === 0) {
    const { file, line, column } = max;
    const message = `the range from ${min.value} to ${max.value} has no float32 scale`;
    problems.push({ code: 'clip-not-finite', severity: 'error', message, file, line, column });
  }
  return problems;
}

function wrongSign(
  name: string,
  should: 'larger' | 'less',
  { value, file, line, column }: Located<number>,
): Diagnostic {
  const code = name === 'clip_max' ? 'clip-max-not-positive' : 'clip-min-not-negative';
  const message = `${name} should be ${should} than 0, but is ${value}`;
  const hint = '0 must lie in the range: padding and ReLU outputs are exactly 0';
  return { code, severity: 'error', message, file, line, column, hint };
}
