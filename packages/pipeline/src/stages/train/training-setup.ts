import { inferenceGraph, inferenceNet } from '@caffe-quant/deploy';
import { distillationNet, NetRunner, type Batch, type NetWeights, type TrainerOptions } from '@caffe-quant/kernels';
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
): Promise<TrainingSetup> {
  const { net: text, device } = settings;
  const { data } = net;
  const { weights } = await projectWeights(project, settings, net);
  const inputShapes = data.inputShapes();
  const source = { text, file: project.netFiles.TEST.shown };
  const float = reportedInFiles(project, () => {
    const written = { ...source, text: project.netText };
    return withLinesOfFile(project, inferenceGraph(inferenceNet(source, inputShapes), written));
  });
  const { graph, teacher } = distillationNet(float);
  const outputs = [...teacher.keys()];
  const runner = await NetRunner.create({ graph: float, weights, inputShapes, outputs, device });
  const taught = async (batch: Batch) => {
    const blobs = await runner.run(batch);
    return [...teacher].map(([id, name]) => [name, blobs.get(id)!] as const);
  };
  const first = await taught(await data.batch(0));
  return {
    graph,
    inputShapes: new Map([...inputShapes, ...first.map(([name, { shape }]) => [name, shape] as const)]),
    weights,
    async batch(index) {
      const batch = await data.batch(index);
      const answered = await taught(batch);
      return new Map([...batch, ...answered.map(([name, { data: values }]) => [name, values] as const)]);
    },
    close: () => runner.close(),
  };
}
