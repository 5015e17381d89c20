import type { NetGraph, SolverParameter } from '@caffe-quant/caffe-io';
import { netMetrics, TestPass } from '@caffe-quant/kernels';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Project } from '../../project/project.ts';
import type { TrainInput } from './input.ts';
import { openNet } from '../net-data.ts';
import { blobsOf, testOnlyLayers } from '../test-only-weights.ts';
import { testSchedule, TrainingTests } from './training-tests.ts';

/** The tests that the solver asks for, or that the choice of the best weights needs. */
export async function openTests(
  project: Project,
  settings: TrainInput,
  solver: SolverParameter,
  trained: NetGraph,
): Promise<{ tests: TrainingTests; close(): Promise<void> } | undefined> {
  const { plan, device, apVersion, select } = settings;
  const schedule = testSchedule(solver, select === 'best');
  if (!schedule) return undefined;
  const { graph, data } = await openNet(project, settings, 'TEST');
  const metrics = netMetrics(graph);
  const pass = new TestPass({ graph, data, batches: schedule.batches, plan, device, apVersion });
  const untouched = blobsOf(await testOnlyLayers(project, trained));
  const run: TestPass['run'] = (index, weights, ...how) => pass.run(index, new Map([...untouched, ...weights]), ...how);
  const tests = new TrainingTests(schedule, { run }, metrics, select === 'best');
  const close = async () => {
    await data.close();
    await pass.close();
  };
  if (tests.metric !== undefined) return { tests, close };
  await close();
  if (select !== 'best') return undefined;
  const message = 'the option select is best, but the TEST net has no accuracy and no loss to choose by';
  const hint = 'leave the option out, or add an Accuracy layer with labels to the TEST net';
  throw new DiagnosticsError([{ code: 'no-metric', severity: 'error', message, file: graph.file, hint }]);
}
