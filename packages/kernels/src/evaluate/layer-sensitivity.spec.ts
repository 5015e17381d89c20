import { initialWeights } from '../fillers/initial-weights.ts';
import { smallBatch, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { layerSensitivity } from './layer-sensitivity.ts';

const graph = smallGraph('TEST');
const inputShapes = smallShapes(16);
const weights = initialWeights(graph, inputShapes, 4);
const ratiosWith = async (conv: number, ip: number) => {
  const clips = new Map([
    ['conv', { max: conv, min: -conv }],
    ['ip', { max: ip, min: 0 }],
  ]);
  const batch = smallBatch(0, 16);
  return Object.fromEntries(await layerSensitivity({ graph, inputShapes, weights, plan: smallPlan(), clips, batch }));
};

test('each layer is measured by itself: what another one does makes no difference', async () => {
  const [good, conv, ip] = [await ratiosWith(1.5, 3), await ratiosWith(0.05, 3), await ratiosWith(1.5, 0.02)];
  expect(good['conv']).toBeGreaterThan(30);
  expect(good['ip']).toBeGreaterThan(30);
  expect(conv['conv']).toBeLessThan(10);
  expect(conv['ip']).toBe(good['ip']);
  expect(ip['ip']).toBeLessThan(10);
  expect(ip['conv']).toBe(good['conv']);
});

test('eight bits of a range that fits keep about 40 dB; a range twice as wide costs 6 dB', async () => {
  const [fits, wide] = [await ratiosWith(1.5, 3), await ratiosWith(12, 3)];
  expect(fits['conv']! - wide['conv']!).toBeGreaterThan(6);
});
