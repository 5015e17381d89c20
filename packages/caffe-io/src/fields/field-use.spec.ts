import { parseText } from 'caffe-prototxt-parser';
import { bindText } from '../dialects/bind-text.ts';
import { dialectSchema } from '../dialects/dialect-schema.ts';
import { read, unreadFields } from './field-use.ts';

const USE = {
  name: true as const,
  convolution_param: { ...read('num_output'), engine: 'chooses an implementation', weight_filler: read('type') },
};

function unread(text: string): string[] {
  const { document } = parseText(text, { file: 'layer.prototxt' });
  const { bound, dialect } = bindText(document, 'LayerParameter');
  return unreadFields(bound.message, dialectSchema(dialect, 'LayerParameter'), USE).map(({ path }) => path);
}

test.each([
  ['a field that is read', 'name: "a" convolution_param { num_output: 2 }', []],
  ['one without effect', 'convolution_param { engine: CUDNN }', []],
  ['one that nobody names', 'convolution_param { group: 2 }', ['convolution_param.group']],
  ['one that nobody names, set to its default', 'convolution_param { group: 1 bias_term: true }', []],
  ['one that a fork has', 'convolution_param { num_output: 2 relu: true }', ['convolution_param.relu']],
  ["a fork's, set to its default", 'convolution_param { num_output: 2 relu: false }', []],
  [
    'lists',
    'bottom: "x" convolution_param { kernel_size: 3 kernel_size: 5 }',
    ['bottom', 'convolution_param.kernel_size'],
  ],
  [
    'fields of a message in a message',
    'convolution_param { weight_filler { std: 0.1 } }',
    ['convolution_param.weight_filler.std'],
  ],
  ['a message that nobody names, once', 'pooling_param { kernel_size: 2 stride: 2 }', ['pooling_param']],
  ['a message that nobody names, with defaults only', 'pooling_param { pool: MAX }', []],
])('%s', (_, text, paths) => {
  expect(unread(text)).toEqual(paths);
});
