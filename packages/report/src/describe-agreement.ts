/** How far the integer model says what the model before it says, in words. */
import { formatCount, formatShare } from './format-number.ts';
import type { EvaluationResult } from './report-input.ts';

/** From here on two outputs are equal. */
const EQUAL_DB = 200;

/** More outputs than this are not named one by one. */
const MAX_OUTPUTS = 3;

/**
 * `The integer and the fake-quant model agree on 99.99 % of the predictions (9,999 of 10,000).`, for a detector on its detections,
 * for other nets by the ratio of their outputs; nothing where none of these is known.
 */
export function describeAgreement({ agreement, models, records }: EvaluationResult): string[] {
  const { integerVsFakeQuant: share, of = records, counted = 'predictions', ratios = {} } = agreement;
  const pair = `The integer and the ${models.fakeQuant ? 'fake-quant' : 'post-training'} model`;
  const on = agreement.records === undefined ? '' : `, on ${formatCount(agreement.records)} records`;
  const sentences: string[] = [];
  if (share !== undefined) {
    const same = `${formatCount(Math.round(share * of))} of ${formatCount(of)}`;
    sentences.push(`${pair} agree on ${formatShare(share)} of the ${counted} (${same}${on}).`);
  }
  const outputs = Object.entries(ratios).sort(([, a], [, b]) => a - b);
  if (outputs.length > 0) {
    const named = outputs.slice(0, MAX_OUTPUTS).map(([name, ratio]) => `${name} ${ratioText(ratio)}`);
    const more = outputs.length > MAX_OUTPUTS ? ` and ${outputs.length - MAX_OUTPUTS} more` : '';
    sentences.push(`${pair} agree in their outputs: ${named.join(', ')}${more}${share === undefined ? on : ''}.`);
  }
  return sentences;
}

const ratioText = (ratio: number): string => (ratio >= EQUAL_DB ? 'equal' : `to ${ratio.toFixed(1)} dB`);
