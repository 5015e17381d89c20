/** How the ONNX model's outputs compare with the integer model's, in words. */
import { formatCount, formatShare, formatValue } from './format-number.ts';
import type { OnnxOutputResult } from './report-input.ts';

/** From here on two outputs are equal. */
const EQUAL_DB = 200;

/**
 * `'prob' [batch, 10] agrees on 100.00 % (256 of 256), 58.1 dB`, or, where there are no classes, `agrees to 58.1 dB`; and how
 * much that is of what.
 */
export function describeOnnxOutput(output: OnnxOutputResult, records: number): string {
  const { name, shape, sqnr, largestDifference, same, differsFrom } = output;
  const head = `'${name}' [${shape.join(', ')}]`;
  const isEqual = sqnr >= EQUAL_DB;
  const ratio = isEqual ? 'all equal' : `${sqnr.toFixed(1)} dB`;
  const share =
    same && `on ${formatShare(same.count / same.of)} (${formatCount(same.count)} of ${formatCount(same.of)}), ${ratio}`;
  const largest = isEqual ? '' : `, at most ${formatValue(largestDifference, 3)} apart`;
  const verb = differsFrom === undefined ? 'agrees' : 'DIFFERS: agrees';
  return `${head} ${verb} ${share ?? (isEqual ? 'to the last bit' : `to ${ratio}`)}${largest} (against the integer model, ${formatCount(records)} records)`;
}
