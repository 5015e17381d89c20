import { inferenceGraph, inferenceNet } from '@caffe-quant/deploy';
import {
  distillationNet,
  NetRunner,
  taughtOutputs,
  type Batch,
  type DeviceUse,
  type NetWeights,
  type TrainerOptions,
} from '@caffe-quant/kernels';
import type { CanonicalPlan, ClipRange } from '@caffe-quant/resolver';
import type { Project } from '../../project/project.ts';
import { reportedInFiles, withLinesOfFile } from '../../project/net-lines.ts';
import { withCalibrated } from '../calibrate/calibrated-weights.ts';
import type { TrainingSettings } from './input.ts';
import { projectWeights, type NetWithData } from '../net-data.ts';

/** What a training needs besides the solver and the plan. */
export interface TrainingSetup extends Pick<TrainerOptions, 'graph' | 'inputShapes'> {
  /** The float net's. */
  readonly float: NetWeights;
  /** Those to start from: the float net's, as calibration left them. */
  readonly weights: NetWeights;
  /** Records of a batch. */
  readonly batchSize: number;
  /** Batch `index` of the training data, with the teacher's answers where there is one. */
  batch(index: number): Promise<Batch>;
  close(): Promise<void>;
}

/** The quantizers of a training, the ranges that they start from, and the file of the weights that calibration changed. */
export interface StartQuantizers {
  readonly calibrated: string;
  readonly plan: CanonicalPlan;
  readonly clips: ReadonlyMap<string, ClipRange>;
}

/** Records whose answers say how large the teacher's outputs are; less than a batch are a batch. */
const SAMPLE_RECORDS = 32;

/**
 * Training as the net itself says: by its own losses.
 *
 * @param calibrated the file of the weights that calibration changed; without it they are the float net's
 */
export async function labelledSetup(
  project: Project,
  settings: TrainingSettings,
  net: NetWithData,
  calibrated?: string,
): Promise<TrainingSetup> {
  const { graph, data } = net;
  const { weights: float } = await projectWeights(project, settings, net);
  return {
    ...{ graph, inputShapes: data.inputShapes(), float, weights: withCalibrated(float, calibrated) },
    batchSize: data.batchSize,
    batch: (index) => data.batch(index),
    close: () => Promise.resolve(),
  };
}

/**
 * Training against the answers of the float net: what is deployed learns to say what that says.
 *
 * @param calibrated the file of the weights that calibration changed
 */
export async function distillationSetup(
  project: Project,
  settings: TrainingSettings,
  net: NetWithData,
  use: DeviceUse,
  calibrated?: string,
): Promise<TrainingSetup> {
  const { net: text } = settings;
  const { data } = net;
  const { weights: float } = await projectWeights(project, settings, net);
  const inputShapes = data.inputShapes();
  const source = { text, file: project.netFiles.TEST.shown };
  const teacherGraph = reportedInFiles(project, () => {
    const written = { ...source, text: project.netText };
    return withLinesOfFile(project, inferenceGraph(inferenceNet(source, inputShapes), written));
  });
  const runner = await NetRunner.create({
    ...{ graph: teacherGraph, weights: float, inputShapes, outputs: taughtOutputs(teacherGraph), ...use },
  });
  const sample = [];
  const batches = Math.max(1, Math.floor(Math.min(SAMPLE_RECORDS, data.recordCount) / data.batchSize));
  for (let index = 0; index < batches; index++) sample.push(await runner.run(await data.batch(index)));
  const { graph, teacher } = distillationNet(teacherGraph, sample);
  const [first] = sample;
  const taughtShapes = [...teacher].map(([id, name]) => [name, first!.get(id)!.shape] as const);
  return {
    graph,
    inputShapes: new Map([...inputShapes, ...taughtShapes]),
    float,
    weights: withCalibrated(float, calibrated),
    batchSize: data.batchSize,
    async batch(index) {
      const batch = await data.batch(index);
      const answers = await runner.run(batch);
      const taught = [...teacher].map(([id, name]) => [name, answers.get(id)!.data] as const);
      return new Map([...batch, ...taught]);
    },
    close: () => runner.close(),
  };
}
