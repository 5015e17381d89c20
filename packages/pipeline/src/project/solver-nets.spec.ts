import { readNetText, readSolverText } from '@caffe-quant/caffe-io';
import { solverNets, testNetProblems } from './solver-nets.ts';

const read = (text: string) => readSolverText(text, 'solver.prototxt');
const netsOf = (text: string) => solverNets(read(text), 'solver.prototxt');

test.each<[string, string, readonly string[]]>([
  ['net: "a"', 'net a', []],
  ['net: "a" test_iter: 1', 'net a', ['net a']],
  ['net: "a" test_iter: 1 test_iter: 2', 'net a', ['net a']],
  ['train_net: "a" test_net: "b" test_iter: 1', 'train_net a', ['test_net b']],
  ['train_net: "a" test_net: "b" test_net: "c" test_iter: 1 test_iter: 1', 'train_net a', ['test_net b', 'test_net c']],
  ['train_net: "a"', 'train_net a', []],
  ['net: "a" test_net: "b" test_iter: 1', 'net a', ['test_net b']],
  ['net: "a" test_net: "b" test_iter: 1 test_iter: 2', 'net a', ['test_net b', 'net a']],
  ['net_param { name: "a" } test_iter: 1', 'net_param name: "a"', ['net_param name: "a"']],
  [
    'test_net: "c" train_net_param { name: "a" } test_net_param { name: "b" } test_iter: 1 test_iter: 2',
    'train_net_param name: "a"',
    ['test_net_param name: "b"', 'test_net c'],
  ],
])('the nets of { %s }', (text, train, tests) => {
  const nets = netsOf(text);
  const shown = ({ field, path, inline }: NonNullable<typeof nets.train>) => `${field} ${path ?? inline!.body.trim()}`;
  expect(nets.diagnostics).toEqual([]);
  expect(shown(nets.train!)).toBe(train);
  expect(nets.tests.map(shown)).toEqual(tests);
});

test.each([
  ['base_lr: 1', 'the solver names no net', undefined],
  ['net: "a"\ntrain_net: "b"', 'the solver names a net to train by `train_net`, and one by `net`', 2],
  ['net_param { }\nnet: "b"', 'the solver names a net to train by `net_param`, and one by `net`', 1],
  ['test_net: "a"', 'the solver names no net', undefined],
])('{ %s } is refused', (text, message, line) => {
  expect(netsOf(text)).toMatchObject({ diagnostics: [{ severity: 'error', message }] });
  expect(netsOf(text).diagnostics[0]!.line).toBe(line);
  expect(netsOf(text).train).toBeUndefined();
});

const TESTS = 'test_interval: 5';
test.each<[string, string | undefined, boolean?]>([
  [`net: "a" test_iter: 1 ${TESTS}`, undefined],
  ['net: "a"', undefined],
  [`train_net: "a" test_net: "b" test_iter: 1 ${TESTS}`, undefined],
  [`train_net: "a" test_net: "b" ${TESTS}`, 'the solver has 1 test net, but 0 test_iter'],
  [`train_net: "a" test_net: "b" test_iter: 1 test_iter: 2 ${TESTS}`, 'the solver has 1 test net, but 2 test_iter'],
  [`train_net: "a" test_iter: 1 ${TESTS}`, 'the solver has 0 test nets, but 1 test_iter'],
  [`net: "a" test_net: "b" test_net: "c" test_iter: 1 ${TESTS}`, 'the solver has 2 test nets, but 1 test_iter'],
  [`net: "a" test_iter: 1 test_iter: 2 ${TESTS} test_state { }`, 'the solver has 1 test_state for 2 test_iter'],
  [`net: "a" test_iter: 1 ${TESTS} test_state { stage: "x" }`, undefined],
  ['net: "a" test_iter: 1', 'the solver has test_iter, but no test_interval'],
  [`train_net: "a" test_iter: 1 ${TESTS}`, undefined, true],
])('the tests of { %s }: %s', (text, message, replaced = false) => {
  const messages = testNetProblems(read(text), 'solver.prototxt', replaced).map((problem) => problem.message);
  expect(messages).toEqual(message === undefined ? [] : [message]);
});

test('a net in the solver has the lines and columns of the solver, and a text of its own', () => {
  const text = `base_lr: 1
net_param {   # the net
    name: "n"

    layer { name: "in" type: "Input" top: "x" }
      layer { name: "r" type: "ReLU" bottom: "x" top: "y" }
}
max_iter: 2
`;
  const { inline } = netsOf(text).train!;
  const { net, locate } = readNetText(inline!.text, 'solver.prototxt');
  expect(net.layer.map((layer) => locate(layer))).toEqual([
    { line: 5, column: 5 },
    { line: 6, column: 7 },
  ]);
  expect(inline!.body).toBe(`# the net
name: "n"

layer { name: "in" type: "Input" top: "x" }
  layer { name: "r" type: "ReLU" bottom: "x" top: "y" }
`);
  const oneLine = netsOf('net_param { layer { name: "in" type: "Input" } } base_lr: 1').train!.inline!;
  const one = readNetText(oneLine.text, 's');
  expect(one.locate(one.net.layer[0]!)).toEqual({ line: 1, column: 13 });
});
