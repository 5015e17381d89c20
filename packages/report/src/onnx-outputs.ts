/** How the ONNX model's outputs compare with the integer model's, in words. */
import { formatCount, formatShare, formatValue } from './format-number.ts';
import type { OnnxOutputResult } from './report-input.ts';

/** From here on two outputs are equal. */
const EQUAL_DB = 200;

/** `'prob' [batch, 10] agrees with the integer model on 100.00 % (256 of 256), 58.1 dB`, of so many records. */
export function describeOnnxOutput(output: OnnxOutputResult, records: number): string {
  const { name, shape, sqnr, largestDifference, same } = output;
  const share = same && `on ${formatShare(same.count / same.of)} (${formatCount(same.count)} of ${formatCount(same.of)})`;
  const distance =
    sqnr >= EQUAL_DB ? 'equal' : `${sqnr.toFixed(1)} dB, differences up to ${formatValue(largestDifference, 3)}`;
  const verb = share === undefined ? 'is beside' : 'agrees with';
  const measured = [share, distance].filter((part) => part !== undefined).join(', ');
  return `'${name}' [${shape.join(', ')}] ${verb} the integer model ${measured} (${formatCount(records)} records)`;
}
