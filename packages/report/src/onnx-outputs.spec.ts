import { describeOnnxOutput } from './onnx-outputs.ts';
import type { OnnxOutputResult } from './report-input.ts';

const OUTPUT: OnnxOutputResult = { name: 'prob', shape: ['batch', 10], sqnr: 58.1, largestDifference: 0.00123 };

test.each<[string, Partial<OnnxOutputResult>, string]>([
  [
    'no classes',
    {},
    "'prob' [batch, 10] agrees to 58.1 dB, at most 0.00123 apart (against the integer model, 256 records)",
  ],
  [
    'classes',
    { same: { count: 255, of: 256 } },
    "'prob' [batch, 10] agrees on 99.61 % (255 of 256), 58.1 dB, at most 0.00123 apart (against the integer model, 256 records)",
  ],
  [
    'no difference at all',
    { sqnr: 200, largestDifference: 0 },
    "'prob' [batch, 10] agrees to the last bit (against the integer model, 256 records)",
  ],
  [
    'more than rounding',
    { sqnr: 4, differsFrom: 'conv2' },
    "'prob' [batch, 10] DIFFERS: agrees to 4.0 dB, at most 0.00123 apart (against the integer model, 256 records)",
  ],
])('%s', (_name, change, text) => {
  expect(describeOnnxOutput({ ...OUTPUT, ...change }, 256)).toBe(text);
});
