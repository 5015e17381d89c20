import { readNetText } from '@caffe-quant/caffe-io';
import { canonicalNetText, readCanonicalNet, withoutMultipliers } from './canonical-net.ts';

const NET = `# a net
name: "n"

layer { name: "in" type: "Input" top: "x" }
layer {
  name: "ip"
  type: "InnerProduct" # the only one
  bottom: "x"
  top: "y"
  param { name: "w" lr_mult: 2 decay_mult: 3 }
  param { lr_mult: 4 }
}
`;

const read = (text: string) => readNetText(text, 'net.prototxt');

test('comments and layout make no difference', () => {
  const other = NET.replace(/#.*/g, '').replace(/\s+/g, ' ');
  expect(canonicalNetText(read(other).net, 'bvlc')).toBe(canonicalNetText(read(NET).net, 'bvlc'));
});

test('multipliers can be left out; what ties parameters together stays', () => {
  const text = canonicalNetText(withoutMultipliers(read(NET).net), 'bvlc');
  expect(text).not.toContain('mult');
  expect(text).toContain('name: "w"');
  expect(canonicalNetText(withoutMultipliers(read(NET.replace('name: "w" ', '')).net), 'bvlc')).not.toContain('param');
});

test("layers of the canonical text have the lines of the user's file", () => {
  const { net, locate } = read(NET);
  const place = { file: 'net.prototxt', locate };
  const origin = { net, places: { TRAIN: place, TEST: place } };
  const graph = readCanonicalNet(canonicalNetText(net, 'bvlc'), 'TRAIN', origin);
  expect(graph.layers.map(({ name, line }) => [name, line])).toEqual([
    ['in', 4],
    ['ip', 5],
  ]);
});
