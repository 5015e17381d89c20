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
import type { Project } from '../../project/project.ts';
import { reportedInFiles, withLinesOfFile } from '../../project/net-lines.ts';
import type { TrainInput } from './input.ts';
import { projectWeights, type NetWithData } from '../net-data.ts';

/** What a training needs besides the solver and the plan. */
export interface TrainingSetup extends Pick<TrainerOptions, 'graph' | 'inputShapes'> {
  /** The float net's, to start from. */
  readonly weights: NetWeights;
  /** Batch `index` of the training data, with the teacher's answers where there is one. */
  batch(index: number): Promise<Batch>;
  close(): Promise<void>;
}

/** Records whose answers say how large the teacher's outputs are; less than a batch are a batch. */
const SAMPLE_RECORDS = 32;

/** Training as the net itself says: by its own losses. */
export async function labelledSetup(project: Project, settings: TrainInput, net: NetWithData): Promise<TrainingSetup> {
  const { graph, data } = net;
  const { weights } = await projectWeights(project, settings, net);
  return {
    ...{ graph, inputShapes: data.inputShapes(), weights },
    batch: (index) => data.batch(index),
    close: () => Promise.resolve(),
  };
}

/** Training against the answers of the float net: what is deployed learns to say what that says. */
export async function distillationSetup(
  project: Project,
  settings: TrainInput,
  net: NetWithData,
  use: DeviceUse,
): Promise<TrainingSetup> {
  const { net: text } = settings;
  const { data } = net;
  const { weights } = await projectWeights(project, settings, net);
  const inputShapes = data.inputShapes();
  const source = { text, file: project.netFiles.TEST.shown };
  const float = reportedInFiles(project, () => {
    const written = { ...source, text: project.netText };
    return withLinesOfFile(project, inferenceGraph(inferenceNet(source, inputShapes), written));
  });
  const runner = await NetRunner.create({ graph: float, weights, inputShapes, outputs: taughtOutputs(float), ...use });
  const sample = [];
  const batches = Math.max(1, Math.floor(Math.min(SAMPLE_RECORDS, data.recordCount) / data.batchSize));
  for (let index = 0; index < batches; index++) sample.push(await runner.run(await data.batch(index)));
  const { graph, teacher } = distillationNet(float, sample);
  const [first] = sample;
  const taughtShapes = [...teacher].map(([id, name]) => [name, first!.get(id)!.shape] as const);
  return {
    graph,
    inputShapes: new Map([...inputShapes, ...taughtShapes]),
    weights,
    async batch(index) {
      const batch = await data.batch(index);
      const answers = await runner.run(batch);
      const taught = [...teacher].map(([id, name]) => [name, answers.get(id)!.data] as const);
      return new Map([...batch, ...taught]);
    },
    close: () => runner.close(),
  };
}
