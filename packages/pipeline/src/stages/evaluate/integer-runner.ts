import { buildNetGraph, readNetText, type NetGraph } from '@caffe-quant/caffe-io';
import { IntegerModel, type DeployFiles } from '@caffe-quant/deploy';
import { GraphBuilder, isDataLayer, labelHead, lowerNet, NetRunner, type RunnerFactory } from '@caffe-quant/kernels';

/**
 * Measures a deploy model by the losses and accuracies of the net that it was made of: the integer model computes the
 * scores, the net's own layers compare them with the labels.
 *
 * @param test the TEST net with its labels.
 */
export const integerRunnerFactory =
  (test: NetGraph, files: DeployFiles): RunnerFactory =>
  async (inputShapes, outputs) => {
    const { text, file } = files.prototxt;
    const deployed = buildNetGraph(readNetText(text, file).net, { file, phase: 'TEST' }).graph;
    const modelInputs = deployed.layers.filter(isDataLayer).flatMap(({ tops }) => tops.map(({ name }) => name));
    const lastVersion = new Map(deployed.layers.flatMap(({ tops }) => tops.map((top) => [top.name, top.id])));
    const head = labelHead(test, { inputs: new Set(modelInputs), blobs: new Set(lastVersion.keys()) });
    // What is asked for of the model itself, besides what the head reads of it.
    const measured = new Set(head.graph.layers.slice(1).flatMap(({ tops }) => tops.map(({ id }) => id)));
    const scores = test.layers
      .flatMap(({ tops }) => tops)
      .filter((blob) => head.scores.includes(blob) || (outputs.includes(blob.id) && !measured.has(blob.id)));
    // A blob that later layers of the deploy model rewrite in place counts as they leave it.
    const deployedId = new Map(scores.map(({ id, name }) => [id, lastVersion.get(name)!]));
    const { blobs } = lowerNet(new GraphBuilder(), test, { inputShapes });
    const model = await IntegerModel.create({
      files,
      batchSize: [...inputShapes.values()][0]![0]!,
      outputs: [...new Set(deployedId.values())],
    });
    const headOutputs = outputs.filter((id) => measured.has(id));
    const measures =
      headOutputs.length === 0
        ? undefined
        : await NetRunner.create({
            graph: head.graph,
            weights: new Map(),
            inputShapes: new Map([
              ...inputShapes,
              ...head.scores.map(({ id, name }) => [name, blobs.get(id)!.shape] as const),
            ]),
            outputs: headOutputs,
          });
    return {
      async run(batch) {
        const computed = await model.run(batch);
        const found = [...deployedId].map(([id, own]) => [id, computed.get(own)!] as const);
        const values = found.map(([id, { data }]) => [id, data] as const);
        const measurements = await measures?.run(new Map([...batch, ...values]));
        return new Map([...(measurements ?? []), ...found]);
      },
      async close() {
        await model.close();
        await measures?.close();
      },
    };
  };
