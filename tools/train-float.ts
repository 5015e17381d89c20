/**
 * Trains a net from scratch by its solver, in the float mode of the trainer, and writes its caffemodel.
 *
 *   npm run train-float -- <solver.prototxt> <out.caffemodel>
 *
 * Paths in the files are taken from the folder that this is run in. It made models/model/lenet.caffemodel.
 */
import { readFileSync } from 'node:fs';
import { buildNetGraph, readNetText, readSolverText, writeCaffemodelFile, type Phase } from '@caffe-quant/caffe-io';
import { evaluate, initialWeights, NetData, netRunnerFactory, Trainer } from '@caffe-quant/kernels';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';

const [solverFile, outFile] = process.argv.slice(2);
if (!solverFile || !outFile) throw new Error('usage: train-float <solver.prototxt> <out.caffemodel>');

const checked = <T extends { diagnostics: ConstructorParameters<typeof DiagnosticsError>[0] }>(read: T): T => {
  if (hasErrors(read.diagnostics)) throw new DiagnosticsError(read.diagnostics);
  return read;
};
const { solver } = checked(readSolverText(readFileSync(solverFile, 'utf8'), solverFile));
const netFile = solver.net!;
const netText = checked(readNetText(readFileSync(netFile, 'utf8'), netFile));
const graphOf = (phase: Phase) =>
  checked(buildNetGraph(netText.net, { file: netFile, phase, locate: netText.locate })).graph;

async function main(out: string): Promise<void> {
  const seed = Number(solver.random_seed ?? 1);
  const [train, test] = [graphOf('TRAIN'), graphOf('TEST')];
  const open = { resolvePath: (path: string) => path, seed };
  const [trainData, testData] = [await NetData.open(train, open), await NetData.open(test, open)];
  const inputShapes = trainData.inputShapes();
  const weights = initialWeights(train, inputShapes, seed);
  const trainer = await Trainer.create({ graph: train, solver, inputShapes, weights });
  const started = Date.now();
  let sum = 0;
  for (let i = 0; i < solver.max_iter!; i++) {
    sum += (await trainer.step(await trainData.batch(i))).loss;
    const interval = solver.test_interval ?? 1000;
    if ((i + 1) % interval !== 0 && i + 1 !== solver.max_iter) continue;
    const { metrics } = await evaluate(test, testData, netRunnerFactory(test, trainer.weights()));
    const figures = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    console.log(`${i + 1}: train loss ${(sum / interval).toFixed(4)}, test ${figures.join(', ')} (${seconds} s)`);
    sum = 0;
  }
  const shapes = trainer.shapes();
  const trained = trainer.weights();
  writeCaffemodelFile(out, {
    name: train.name,
    layers: train.layers
      .filter(({ name }) => shapes.has(name))
      .map(({ name, type }) => ({
        name,
        type,
        blobs: trained.get(name)!.map((data, i) => ({ shape: [...shapes.get(name)![i]!], data })),
      })),
  });
  await trainer.close();
}

main(outFile).catch((error: unknown) => {
  console.error(error instanceof DiagnosticsError ? error.message : error);
  process.exitCode = 1;
});
