import { runGraph } from '../../testing/run-graph.ts';
import { parseLayer } from '../../testing/parse-layer.ts';
import { distillationLoss } from './distillation-loss.ts';
import { lowerLayer } from '../one-layer.ts';

const SHAPE = [3, 4, 2];
const CLASSES = 4;
const INNER = 2;

/** KL divergence in float64 over [3, 4, 2], classes on axis 1, mean over 6 positions. */
function divergence(x: readonly number[], teacher: readonly number[]): number {
  let sum = 0;
  for (let outer = 0; outer < 3; outer++) {
    for (let inner = 0; inner < INNER; inner++) {
      const at = (c: number) => (outer * CLASSES + c) * INNER + inner;
      const shares = (values: readonly number[]) => {
        const exps = Array.from({ length: CLASSES }, (_, c) => Math.exp(values[at(c)]!));
        const total = exps.reduce((a, b) => a + b, 0);
        return exps.map((value) => value / total);
      };
      const [s, t] = [shares(x), shares(teacher)];
      t.forEach((share, c) => (sum += share * (Math.log(share) - Math.log(s[c]!))));
    }
  }
  return sum / 6;
}

async function run(x: readonly number[], teacher: readonly number[]) {
  const layer = parseLayer('layer { name: "kd" type: "DistillationLoss" bottom: "x" bottom: "t" top: "loss" }');
  const { loss, dx } = await runGraph(
    (g) => {
      const bottoms = [g.input('x', SHAPE), g.input('t', SHAPE)];
      const lowered = lowerLayer(distillationLoss, layer, { g, phase: 'TRAIN', bottoms, params: [] });
      const gradients = lowered.backward!([g.scalar(1)], { bottoms: [true, false], params: [] });
      return { loss: lowered.tops[0]!, dx: gradients.bottoms[0]! };
    },
    { x: Float32Array.from(x), t: Float32Array.from(teacher) },
  );
  return { loss: loss![0]!, dx: dx! };
}

const scores = (factor: number) => Array.from({ length: 24 }, (_, i) => Math.fround(Math.sin(i * factor) * 3));

test('value and gradient are those of the KL divergence in float64', async () => {
  const [x, teacher] = [scores(1.7), scores(0.9)];
  const { loss, dx } = await run(x, teacher);
  expect(Math.abs(loss - divergence(x, teacher))).toBeLessThan(1e-6);
  const step = 1e-5;
  x.forEach((_, i) => {
    const moved = (by: number) => x.map((value, k) => (k === i ? value + by : value));
    const slope = (divergence(moved(step), teacher) - divergence(moved(-step), teacher)) / (2 * step);
    expect(Math.abs(dx[i]! - slope)).toBeLessThan(1e-6);
  });
});

test('a net that says what its teacher says has nothing to learn, however sure it is', async () => {
  const x = scores(1.3).map((value) => value * 60);
  const { loss, dx } = await run(x, x);
  expect(loss).toBe(0);
  expect([...dx].every((value) => value === 0)).toBe(true);
});
