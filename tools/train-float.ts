/**
 * Trains a net by its solver, in the float mode of the trainer, and writes its caffemodel.
 *
 *   npm run train-float -- <solver.prototxt> <out.caffemodel> [--snapshot=<file.solverstate>]
 *
 * As Caffe does: tests every `test_interval`, writes `<snapshot_prefix>_iter_<n>.caffemodel` and `.solverstate` every
 * `snapshot` iterations, and goes on from such a state, Caffe's own too, with the caffemodel beside it. Paths in the files
 * are taken from the folder that this is run in. It made models/model/lenet.caffemodel.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  buildNetGraph,
  readCaffemodelFile,
  readNetText,
  readSolverState,
  readSolverText,
  writeCaffemodelFile,
  writeSolverState,
  type Phase,
} from '@caffe-quant/caffe-io';
import {
  evaluate,
  fitWeights,
  initialWeights,
  NetData,
  netRunnerFactory,
  TestPass,
  toSolverState,
  Trainer,
  withSolverState,
} from '@caffe-quant/kernels';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';

const [solverFile, outFile, ...flags] = process.argv.slice(2);
const stateFile = flags.find((flag) => flag.startsWith('--snapshot='))?.slice('--snapshot='.length);
if (!solverFile || !outFile)
  throw new Error('usage: train-float <solver.prototxt> <out.caffemodel> [--snapshot=<file>]');

const checked = <T extends { diagnostics: ConstructorParameters<typeof DiagnosticsError>[0] }>(read: T): T => {
  if (hasErrors(read.diagnostics)) throw new DiagnosticsError(read.diagnostics);
  return read;
};
const { solver } = checked(readSolverText(readFileSync(solverFile, 'utf8'), solverFile));
const netFile = solver.net!;
const netText = checked(readNetText(readFileSync(netFile, 'utf8'), netFile));
const graphOf = (phase: Phase) =>
  checked(buildNetGraph(netText.net, { file: netFile, phase, locate: netText.locate })).graph;

const train = graphOf('TRAIN');

async function write(trainer: Trainer, file: string): Promise<void> {
  const shapes = trainer.shapes();
  const weights = await trainer.weights();
  const layers = train.layers
    .filter(({ name }) => shapes.has(name))
    .map(({ name, type }) => {
      const blobs = weights.get(name)!.map((data, i) => ({ shape: [...shapes.get(name)![i]!], data }));
      return { name, type, blobs };
    });
  writeCaffemodelFile(file, { name: train.name, layers });
}

async function snapshot(trainer: Trainer): Promise<void> {
  const prefix = `${solver.snapshot_prefix ?? 'snapshot'}_iter_${trainer.iteration}`;
  await write(trainer, `${prefix}.caffemodel`);
  const state = toSolverState(await trainer.snapshot(), { solver, params: trainer.params }, `${prefix}.caffemodel`);
  writeFileSync(`${prefix}.solverstate`, writeSolverState(state));
}

async function main(out: string): Promise<void> {
  const seed = Number(solver.random_seed ?? 1);
  const test = graphOf('TEST');
  const open = { resolvePath: (path: string) => path, seed };
  const [trainData, testData] = [await NetData.open(train, open), await NetData.open(test, open)];
  const inputShapes = trainData.inputShapes();
  const state = stateFile && readSolverState(readFileSync(stateFile), stateFile);
  const weightsFile = stateFile?.replace(/\.solverstate$/, '.caffemodel');
  const weights = weightsFile
    ? fitWeights(train, inputShapes, readCaffemodelFile(weightsFile), weightsFile).weights
    : initialWeights(train, inputShapes, seed);
  const trainer = await Trainer.create({ graph: train, solver, inputShapes, weights });
  if (state) {
    trainer.restore(withSolverState(await trainer.snapshot(), { solver, params: trainer.params }, state, stateFile));
    console.log(`going on after iteration ${trainer.iteration} of ${basename(stateFile)}`);
  }
  const interval = solver.test_interval ?? 1000;
  const pass = new TestPass({ graph: test, data: testData, batches: solver.test_iter[0] });
  const started = Date.now();
  const losses: number[] = [];
  while (trainer.iteration < solver.max_iter!) {
    const first = trainer.iteration * trainer.iterSize;
    const batches = await Promise.all(Array.from({ length: trainer.iterSize }, (_, i) => trainData.batch(first + i)));
    losses.push((await trainer.step(...batches)).loss);
    const done = trainer.iteration;
    if (solver.snapshot && done % solver.snapshot === 0) await snapshot(trainer);
    if (done % interval !== 0) continue;
    const metrics = await pass.run(done / interval, await trainer.weights(), new Map());
    const figures = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    const recent = losses.slice(-Math.max(solver.average_loss ?? 1, 1));
    const loss = recent.reduce((sum, value) => sum + value, 0) / recent.length;
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    console.log(`${done}: train loss ${loss.toFixed(4)}, test ${figures.join(', ')} (${seconds} s)`);
  }
  const { metrics, records } = await evaluate(test, testData, netRunnerFactory(test, await trainer.weights()));
  const figures = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  console.log(`all ${records} test records: ${figures.join(', ')}`);
  await write(trainer, out);
  await pass.close();
  await trainer.close();
  await trainData.close();
  await testData.close();
}

main(outFile).catch((error: unknown) => {
  console.error(error instanceof DiagnosticsError ? error.message : error);
  process.exitCode = 1;
});
