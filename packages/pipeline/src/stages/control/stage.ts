import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSolverText } from '@caffe-quant/caffe-io';
import { evaluate, multiplyAdds, netRunnerFactory } from '@caffe-quant/kernels';
import type { ControlResult } from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Project } from '../../project/project.ts';
import type { Stage, StageContext } from '../../stage.ts';
import { deviceUse } from '../device-use.ts';
import { openNet, openTrained, readJson } from '../net-data.ts';
import { blobsOf, testOnlyLayers } from '../test-only-weights.ts';
import type { TrainingSettings } from '../train/input.ts';
import { trainNet } from '../train/trained-net.ts';
import type { ControlInput } from './input.ts';

/**
 * Products of the forward passes of all iterations, up to which the training without quantizers is made unasked: a few
 * minutes on two cores, such as 1,000 iterations of LeNet with batches of 400, or 250 of a ResNet-20 for CIFAR with 100.
 */
export const UNASKED_MULTIPLY_ADDS = 1e12;

/** What ends a training for its learning rate's sake. */
const DIVERGED = ['diverges', 'not-finite'];

/**
 * The iterations of the training without quantizers, from the same weights, on the same batches: its metrics on the test data
 * (`control.json`). What it gains is no gain of quantization-aware training.
 */
export const controlStage: Stage = {
  name: 'control',
  async run(context) {
    const { project: load, input, out, print } = context;
    const settings = readJson<ControlInput>(input('resolve', 'control.json'));
    const write = (result: ControlResult) => writeFile(join(out, 'control.json'), canonicalJson(result));
    if (settings.always === undefined) return write({});
    try {
      const result = await trainedFloat(context, await load(), settings, settings.always);
      if (!result.metrics)
        print('no training without quantizers beside it, since it would take long; control: true asks for it');
      await write(result);
    } catch (error) {
      const isDiverged =
        error instanceof DiagnosticsError && error.diagnostics.every(({ code }) => DIVERGED.includes(code));
      if (!isDiverged) throw error;
      print(`the same training without quantizers fails: ${error.diagnostics[0]!.message}`);
      await write({});
    }
  },
};

async function trainedFloat(
  context: StageContext,
  project: Project,
  settings: TrainingSettings,
  always: boolean,
): Promise<ControlResult> {
  const net = await openTrained(project, settings);
  try {
    const { solver } = readSolverText(settings.solver!, 'control.json');
    const passes = solver.max_iter! * (solver.iter_size ?? 1);
    if (!always && passes * multiplyAdds(net.graph, net.data.inputShapes()) > UNASKED_MULTIPLY_ADDS) return {};
    const use = deviceUse(context, settings);
    const { weights, result } = await trainNet(context, project, settings, net, use);
    const test = await openNet(project, settings, 'TEST');
    try {
      const untouched = blobsOf(await testOnlyLayers(project, net.graph));
      const { apVersion } = settings;
      const runner = netRunnerFactory(test.graph, new Map([...untouched, ...weights]), use);
      const { metrics, groups } = await evaluate(test.graph, test.data, runner, { apVersion });
      return { metrics, groups, iterations: result.iterations };
    } finally {
      await test.data.close();
    }
  } finally {
    await net.data.close();
  }
}
