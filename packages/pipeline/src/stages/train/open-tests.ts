import type { NetGraph, SolverParameter } from '@caffe-quant/caffe-io';
import { type DeviceUse, Judge, TestPass, type NetWeights } from '@caffe-quant/kernels';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Project } from '../../project/project.ts';
import type { TrainInput } from './input.ts';
import { openNet } from '../net-data.ts';
import { blobsOf, testOnlyLayers } from '../test-only-weights.ts';
import { testSchedule, TrainingTests } from './training-tests.ts';

/**
 * The tests that the solver asks for, or that the choice of the best weights needs.
 *
 * @param trained the net that is trained
 * @param float its weights before training
 * @returns undefined where there are none
 * @throws DiagnosticsError where there is nothing to choose the best weights by
 */
export async function openTests(
  project: Project,
  settings: TrainInput,
  solver: SolverParameter,
  trained: NetGraph,
  float: NetWeights,
  use: DeviceUse,
): Promise<{ tests: TrainingTests; close(): Promise<void> } | undefined> {
  const { plan, apVersion, select } = settings;
  const schedule = testSchedule(solver, select === 'best');
  if (!schedule) return undefined;
  const { graph, data } = await openNet(project, settings, 'TEST');
  const judge = Judge.of(graph);
  const untouched = blobsOf(await testOnlyLayers(project, trained));
  const reference = judge?.needsReference ? new Map([...untouched, ...float]) : undefined;
  const passes = { graph, data, plan, apVersion, reference, ...use };
  const [pass, wholePass] = [new TestPass({ ...passes, batches: schedule.batches }), new TestPass(passes)];
  const close = async () => {
    await data.close();
    await pass.close();
    await wholePass.close();
  };
  const withUntouched = (of: TestPass): Pick<TestPass, 'run'> => ({
    run: (index, weights, ...how) => of.run(index, new Map([...untouched, ...weights]), ...how),
  });
  if (judge) {
    const runs = { pass: withUntouched(pass), wholePass: withUntouched(wholePass) };
    return { tests: new TrainingTests({ schedule, judge, selectsBest: select === 'best', ...runs }), close };
  }
  await close();
  if (select !== 'best') return undefined;
  const message = 'the option select is best, but the TEST net has no accuracy, no loss and no output to choose by';
  const hint = 'leave the option out, or add an Accuracy layer with labels to the TEST net';
  throw new DiagnosticsError([{ code: 'no-metric', severity: 'error', message, file: graph.file, hint }]);
}
