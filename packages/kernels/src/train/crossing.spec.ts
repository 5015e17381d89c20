import { readSolverText } from '@caffe-quant/caffe-io';
import { loadOnnxruntime } from '../graph/onnxruntime.ts';
import { floatTensor } from '../graph/session.ts';
import { solverSettings } from '../solvers/solver-settings.ts';
import { smallBatch, smallGraph, smallPlan, smallShapes } from '../testing/small-net.ts';
import { ClipRanges } from './clip-ranges.ts';
import { CrossingCount } from './crossing.ts';
import { DeviceState } from './device-state.ts';
import { feedsOf } from './graph-run.ts';
import { buildStepGraph, nextName, paramName, SCALARS } from './train-graph.ts';
import { UpdateSchedule } from './update-schedule.ts';

const SOLVER = 'base_lr: 0.05 momentum: 0.9 lr_policy: "fixed"';
const clips = new Map([
  ['conv', { max: 1.5, min: -0.5 }],
  ['ip', { max: 2, min: 0 }],
]);

test('what a step is fed with, and gives, is counted by what it is', async () => {
  await loadOnnxruntime();
  const [batch, plan] = [8, smallPlan()];
  const solver = solverSettings(readSolverText(SOLVER, 'solver.prototxt').solver);
  const options = { graph: smallGraph('TRAIN'), solver, inputShapes: smallShapes(batch), plan };
  const graph = buildStepGraph({ ...options, channelBlock: 1, device: 'webgpu' });
  const state = new DeviceState('webgpu', false);
  for (const { key, shape } of graph.params) state.add(paramName(key), shape);
  const ranges = new ClipRanges(state, graph.quantizers, plan, clips);
  for (const { name, shape } of graph.state) if (!state.has(name)) state.add(name, shape);
  const schedule = new UpdateSchedule(solver, graph.takesClipRate);
  const scalars = schedule.before(0, []);
  const feeds = feedsOf(graph, state, {
    batch: smallBatch(0, batch),
    clips: ranges.check(),
    seed: 1,
    pass: 0,
    scalars,
  });

  const count = new CrossingCount();
  count.add(graph, feeds, {
    [SCALARS]: floatTensor(new Float32Array(graph.scalars.length), [graph.scalars.length]),
    ...Object.fromEntries(graph.state.map(({ name }) => [nextName(name), state.currentTensor(name)])),
  });

  const bytesOf = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + feeds[name]!.size * 4, 0);
  const carried = new Set([...graph.params.map(({ key }) => paramName(key)), ...graph.state.map(({ name }) => name)]);
  const { toDevice, fromDevice } = count.counted(0);
  expect(toDevice).toEqual({
    // Images of 6 x 6 and their labels.
    data: 4 * batch * (36 + 1),
    // The learning rate.
    rates: 4,
    // Of each quantizer seven floats and an int8.
    ranges: 2 * 29,
    carried: bytesOf(carried),
  });
  expect(fromDevice).toEqual({
    scalars: 4 * graph.scalars.length,
    carried: bytesOf(graph.state.map(({ name }) => name)),
  });
});
