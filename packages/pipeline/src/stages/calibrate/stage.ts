import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Phase } from '@caffe-quant/caffe-io';
import { calibrate, evaluate, netRunnerFactory, netWarnings, weightWarnings } from '@caffe-quant/kernels';
import type { CalibrationResult } from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { readFingerprint, type Fingerprint } from '../fingerprint/fingerprint.ts';
import { withFrozenBatchNorm } from '../../project/batch-norm.ts';
import { readCanonicalNet } from '../../project/canonical-net.ts';
import type { Project } from '../../project/project.ts';
import { dataLayersOf } from '../../project/read-net.ts';
import type { CalibrateInput } from './input.ts';
import type { Stage, StageContext } from '../../stage.ts';
import { checkDataContent } from './blank-data.ts';
import { deviceUse } from '../device-use.ts';
import { exportedPhases, openNet, openTrained, projectWeights, readJson, type NetWithData } from '../net-data.ts';
import { rangeWarnings } from '../range-warnings.ts';
import { blobsOf, testOnlyLayers } from '../test-only-weights.ts';
import type { StartRanges } from './start-ranges.ts';
import { tryExport } from './try-export.ts';

/**
 * The ranges of the data quantizers before training, by IFMR where the config gives none, on TRAIN data: `ranges.json`;
 * with what each quantizer saw and the float net's metrics: `calibration.json`.
 */
export const calibrateStage: Stage = {
  name: 'calibrate',
  async run(context) {
    const { project: load, input, out, part, print, warn } = context;
    const project = await load();
    const settings = readJson<CalibrateInput>(input('resolve', 'calibrate.json'));
    const { apVersion, frozenBatchNorm } = settings;
    const train = await openTrained(project, settings);
    const test = await openNet(project, settings, 'TEST');
    try {
      const { plan } = settings;
      warn(distinct([train, test].flatMap(({ graph, data }) => netWarnings(graph, data.inputShapes()))));
      const { weights, diagnostics } = await projectWeights(project, settings, train);
      warn([...diagnostics, ...weightWarnings(test.graph, weights)]);
      warn(await dataWarnings(project, settings, train, test));
      const { net, phase, dataPhase, seed, writtenNames } = settings;
      const fingerprint = readFingerprint(input('fingerprint', 'fingerprint.json'));
      const use = deviceUse(context, settings);
      const { device, weights: ofWeights } = fingerprint;
      const decisive = { net, seed, device, weights: ofWeights.sha256, writtenNames };
      const start = { ...decisive, phase, frozenBatchNorm, data: dataOf(fingerprint, dataPhase) };
      let found = 0;
      const quantizers = await calibrate({
        graph: frozenBatchNorm ? withFrozenBatchNorm(train.graph) : train.graph,
        inputShapes: train.data.inputShapes(),
        weights,
        plan,
        batch: (index) => train.data.batch(index),
        ...use,
        keep: (key, find) =>
          keptPart(part, { ...start, ...key }, () => {
            found++;
            return find();
          }),
      });
      if (found < quantizers.length) {
        print(`calibrated ${found} of ${quantizers.length} quantizers; what the others depend on has not changed`);
      }
      warn(rangeWarnings(quantizers, train.graph));
      const clips = new Map(quantizers.map(({ name, clip }) => [name, clip]));
      const exported = new Map([...blobsOf(await testOnlyLayers(project, train.graph)), ...weights]);
      await tryExport(project, train, { plan, weights: exported, clips, ...exportedPhases(settings) });
      const float = netRunnerFactory(test.graph, exported, use);
      const measured = { ...decisive, apVersion, data: dataOf(fingerprint, 'TEST') };
      const { records, metrics } = await keptPart(part, { float: measured }, async () => {
        const evaluation = await evaluate(test.graph, test.data, float, { apVersion });
        return { records: evaluation.records, metrics: evaluation.metrics };
      });
      const result: CalibrationResult = {
        batches: plan.batchNum,
        records: plan.batchNum * train.data.batchSize,
        quantizers,
        float: { records, metrics },
      };
      const ranges: StartRanges = Object.fromEntries(clips);
      await writeFile(join(out, 'calibration.json'), canonicalJson(result));
      await writeFile(join(out, 'ranges.json'), canonicalJson(ranges));
    } finally {
      await train.data.close();
      await test.data.close();
    }
  },
};

/** A layer of both phases has its warnings in both. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

/** What the data that are calibrated on, and those that are tested on, are worth. */
async function dataWarnings(
  project: Project,
  { net, plan, dataPhase }: CalibrateInput,
  train: NetWithData,
  test: NetWithData,
): Promise<Diagnostic[]> {
  const { recordCount, batchSize } = test.data;
  const calibration = await checkDataContent({
    ...{ graph: train.graph, sources: readCanonicalNet(net, dataPhase, project.netOrigin, dataLayersOf), plan },
    ...{ purpose: 'calibration', batches: plan.batchNum, batch: (index) => train.data.batch(index) },
  });
  const tested = await checkDataContent({
    ...{ graph: test.graph, sources: test.graph, plan, purpose: 'test', batches: Math.ceil(recordCount / batchSize) },
    batch: (index) => test.data.records(index * batchSize, batchSize),
  });
  return [...calibration, ...tested];
}

/** A part of the work as JSON: done now, or before with an equal key. */
async function keptPart<T>(part: StageContext['part'], key: object, work: () => Promise<T>): Promise<T> {
  const folder = await part(key, async (draft) => writeFile(join(draft, 'part.json'), JSON.stringify(await work())));
  return readJson<T>(join(folder, 'part.json'));
}

/** Digests of the data that a net reads in one phase. */
function dataOf({ data }: Fingerprint, phase: Phase): object {
  return Object.fromEntries(Object.entries(data).filter(([, { phases }]) => phases.includes(phase)));
}
