import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildNetGraph, readNetText, type NetGraph, type Phase } from '@caffe-quant/caffe-io';
import { calibrate, evaluate, netRunnerFactory, netWarnings, weightWarnings } from '@caffe-quant/kernels';
import type { CalibrationResult } from '@caffe-quant/report';
import { canonicalJson } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { timeAhead } from '../evaluate/evaluation-time.ts';
import { readFingerprint, type Fingerprint } from '../fingerprint/fingerprint.ts';
import { withFrozenBatchNorm } from '../../project/batch-norm.ts';
import { readCanonicalNet } from '../../project/canonical-net.ts';
import { modeOf } from '../../project/mode.ts';
import type { Project } from '../../project/project.ts';
import { dataLayersOf } from '../../project/read-net.ts';
import type { CalibrateInput } from './input.ts';
import type { Stage, StageContext } from '../../stage.ts';
import { biasCorrected, equalized, leftOutDiagnostics } from './adapt-weights.ts';
import { checkDataContent } from './blank-data.ts';
import { CalibrationProgress } from './calibration-progress.ts';
import { CALIBRATED_WEIGHTS, writeCalibrated } from './calibrated-weights.ts';
import { deviceUse } from '../device-use.ts';
import { exportedPhases, openNet, openTrained, projectWeights, readJson, type NetWithData } from '../net-data.ts';
import { checkMemory, memoryNeeds } from '../run-memory.ts';
import { rangeWarnings } from '../range-warnings.ts';
import { blobsOf, testOnlyLayers } from '../test-only-weights.ts';
import type { StartRanges } from './start-ranges.ts';
import { tryExport } from './try-export.ts';

/**
 * The ranges of the data quantizers before training, measured on TRAIN data where the config gives none: `ranges.json`; the
 * weights that equalization and bias correction changed: `calibrated.caffemodel`; with what each quantizer saw, what became of
 * the layers and the float net's metrics: `calibration.json`.
 */
export const calibrateStage: Stage = {
  name: 'calibrate',
  async run(context) {
    const { project: load, input, out, options, memoryLimit, part, print, warn } = context;
    const project = await load();
    const settings = readJson<CalibrateInput>(input('resolve', 'calibrate.json'));
    const { apVersion, frozenBatchNorm, method, crossLayerEqualization, biasCorrection } = settings;
    const train = await openTrained(project, settings);
    const test = await openNet(project, settings, 'TEST');
    try {
      const { plan } = settings;
      const run = { train, test, plan, mode: modeOf(options), solver: project.solver, memoryLimit };
      for (const need of memoryNeeds(run)) checkMemory(need, memoryLimit);
      warn(distinct([train, test].flatMap(({ graph, data }) => netWarnings(graph, data.inputShapes()))));
      const { weights: float, diagnostics } = await projectWeights(project, settings, train);
      warn([...diagnostics, ...weightWarnings(test.graph, float)]);
      warn(await dataWarnings(project, settings, train, test));
      const { net, phase, dataPhase, seed, writtenNames } = settings;
      const fingerprint = readFingerprint(input('fingerprint', 'fingerprint.json'));
      const use = deviceUse(context, settings);
      const { device, weights: ofWeights } = fingerprint;
      const decisive = { net, seed, device, weights: ofWeights.sha256, writtenNames };
      const start = {
        ...decisive,
        ...{ phase, frozenBatchNorm, method, crossLayerEqualization, data: dataOf(fingerprint, dataPhase) },
      };
      const graph = frozenBatchNorm ? withFrozenBatchNorm(train.graph) : train.graph;
      const adaptation = { graph, data: train.data, weights: float, plan, use, part, key: start };
      const others = [test.graph, ...deployGraphs(project)];
      const equalization = crossLayerEqualization && (await equalized(adaptation, others));
      if (equalization) {
        const { pairs, normalized, leftOut } = equalization.result;
        warn(leftOutDiagnostics('crossLayerEqualization', graph, leftOut, pairs.length + normalized.length));
      }
      const weights = new Map([...float, ...(equalization?.changed ?? [])]);
      let found = 0;
      const progress = new CalibrationProgress(plan.quantizers.length, print);
      const quantizers = await calibrate({
        graph,
        inputShapes: train.data.inputShapes(),
        weights,
        plan,
        method,
        batch: (index) => train.data.batch(index),
        ...use,
        keep: async (key, find) => {
          const quantizer = await keptPart(part, { ...start, ...key }, () => {
            found++;
            return find();
          });
          progress.found();
          return quantizer;
        },
      });
      if (found < quantizers.length) {
        print(`calibrated ${found} of ${quantizers.length} quantizers; what the others depend on has not changed`);
      }
      warn(rangeWarnings(quantizers, train.graph));
      const clips = new Map(quantizers.map(({ name, clip }) => [name, clip]));
      const correction = biasCorrection && (await biasCorrected({ ...adaptation, weights }, clips));
      if (correction) {
        const { layers, leftOut } = correction.result;
        warn(leftOutDiagnostics('biasCorrection', graph, leftOut, layers.length));
      }
      const changed = new Map([...(equalization?.changed ?? []), ...(correction?.changed ?? [])]);
      const whole = new Map([...blobsOf(await testOnlyLayers(project, train.graph)), ...float]);
      const exported = new Map([...whole, ...changed]);
      await tryExport(project, train, { plan, weights: exported, clips, ...exportedPhases(settings) });
      const floatRunner = netRunnerFactory(test.graph, whole, use);
      const measured = { ...decisive, apVersion, data: dataOf(fingerprint, 'TEST') };
      const measuredFloat = await keptPart(part, { float: measured }, async () => {
        const onEstimate = (milliseconds: number) => {
          const line = timeAhead('measuring the float model', milliseconds);
          if (line !== undefined) print(line);
        };
        const evaluation = await evaluate(test.graph, test.data, floatRunner, { apVersion, onEstimate });
        const { records, metrics, groups } = evaluation;
        return { records, metrics, groups };
      });
      const result: CalibrationResult = {
        batches: plan.batchNum,
        records: plan.batchNum * train.data.batchSize,
        quantizers,
        float: measuredFloat,
        ...(equalization && { equalization: equalization.result }),
        ...(correction && { biasCorrection: correction.result }),
      };
      const ranges: StartRanges = Object.fromEntries(clips);
      await writeFile(join(out, 'calibration.json'), canonicalJson(result));
      await writeFile(join(out, 'ranges.json'), canonicalJson(ranges));
      writeCalibrated(join(out, CALIBRATED_WEIGHTS), train.graph, train.data.inputShapes(), changed);
    } finally {
      await train.data.close();
      await test.data.close();
    }
  },
};

/** The net that the exported models take their topology from, where that is one of its own. */
function deployGraphs({ deployFile, deployText }: Project): NetGraph[] {
  if (!deployFile || deployText === undefined) return [];
  const file = deployFile.shown;
  return [buildNetGraph(readNetText(deployText, file).net, { file, phase: 'TEST' }).graph];
}

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
