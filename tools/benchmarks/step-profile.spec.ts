import { type ProfileEvent, profileText, stepProfile } from './step-profile.ts';

const run = (ts: number, dur: number): ProfileEvent => ({ cat: 'Session', name: 'model_run', ts, dur });
const node = (name: string, op: string, ts: number, dur: number, bytes = 0, inUse = 0): ProfileEvent => ({
  ...{ cat: 'Node', name: `${name}_kernel_time`, ts, dur },
  args: {
    ...{ op_name: op, activation_size: String(bytes), parameter_size: '4', output_size: String(bytes) },
    mem_bytes_in_use: String(inUse),
  },
});
/** One warm-up and three steps of two products and a view, events in the order in which onnxruntime ends them. */
const EVENTS = [0, 1, 2, 3].flatMap((i) => [
  node('a/Mul_1', 'Mul', 10_000 * i, i === 0 ? 5000 : 1000 * i, 1000, 100),
  node('a/Mul_2', 'Mul', 10_000 * i + 5000, 2000, 500, i === 3 ? 900 : 700),
  node('b/Reshape_3', 'Reshape', 10_000 * i + 8000, 10, 1000, 300),
  run(10_000 * i, 9000 + i),
]);
const profile = stepProfile(EVENTS, 1);

test('the time of an operator and of a node is the median of the steps after the warm-up', () => {
  expect(profile.steps).toBe(3);
  expect(profile.operators.map(({ name, milliseconds, nodes }) => [name, milliseconds, nodes])).toEqual([
    ['Mul', 4, 2],
    ['Reshape', 0.01, 1],
  ]);
  expect(profile.nodes.slice(0, 2)).toEqual([
    expect.objectContaining({ name: 'a/Mul_1', op: 'Mul', milliseconds: 2 }),
    expect.objectContaining({ name: 'a/Mul_2', op: 'Mul', milliseconds: 2 }),
  ]);
  expect(profile.kernels).toBeCloseTo(4.01);
  expect(profile.wall).toBeCloseTo(9.002);
});

test('bytes are those of inputs, constants and outputs of one step, and none of a view', () => {
  expect(profile.operators.map(({ bytes }) => bytes)).toEqual([2 * (1000 + 500) + 8, 0]);
  expect(profile.bytes).toBe(3008);
});

test('the largest use of memory is named by its node', () => {
  expect(profile.inUse).toEqual({ bytes: 900, node: 'a/Mul_2' });
});

test('the text has a line an operator, the sum, the time outside kernels and the longest nodes', () => {
  const lines = profileText(profile, 1).split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    'medians',
    'Mul',
    'Reshape',
    'all',
    'run',
    'memory',
    'the',
    'a/Mul_1',
  ]);
  expect(lines[3]).toMatch(/4\.01 ms 100\.0 % +3 nodes/);
  expect(lines[4]).toBe('run of the graph 9.00 ms, 4.99 of them outside kernels');
});

test('a profile with no step after the warm-up is refused', () => {
  expect(() => stepProfile(EVENTS, 4)).toThrow('4 runs, of which 4 are not measured');
});
