import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import type { GeneratorCallback, Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import type { GivenData, NamedText, NetOfSolver, StageOptions } from '@caffe-quant/pipeline';
import {
  checkWeights,
  fineTuningSolver,
  givenData,
  netForMode,
  netOfSolver,
  parsePreparation,
  quantConfigText,
} from '@caffe-quant/pipeline';
import { type Diagnostic, DiagnosticsError, formatDiagnostics } from 'caffe-prototxt-parser';
import init from '../init/generator.ts';
import { declareProject } from './declare-project.ts';

/** What the schema lets a user say; paths are from the workspace root or absolute. */
export interface ModelOptions {
  name: string;
  /** Default: the solver's nets. */
  prototxt?: string;
  caffemodel: string;
  solver?: string;
  data?: string;
  testData?: string;
  directory?: string;
  mode?: NonNullable<StageOptions['mode']>;
  mean?: string;
  scale?: number;
  channelOrder?: 'bgr' | 'rgb';
  size?: string;
  crop?: number;
}

/** The net in the project: with data for training, or of inference with data in the place of its input. */
const NET = { retrain: 'train_val.prototxt', distill: 'net.prototxt', calibrate: 'net.prototxt' } as const;

/**
 * Makes a model project: the net with its data, the weights, a quant.cfg that lists the net's layers, and a solver for
 * fine-tuning. Of files that are in the project's folder already, the net and the weights become what is given now; the
 * others stay, which is said.
 *
 * @throws DiagnosticsError where a file is missing or wrong; nothing is written then
 */
export default async function model(tree: Tree, options: ModelOptions): Promise<GeneratorCallback> {
  const { name, mode = 'retrain' } = options;
  const netName = NET[mode];
  const root = posix.normalize(options.directory ?? `models/${name}`).replace(/\/$/, '');
  const missing = [options.prototxt, options.caffemodel, options.solver].filter((file) => file && !isFile(tree, file));
  if (missing.length > 0) throw new DiagnosticsError(missing.map((file) => absent(file ?? '')));
  const [given, solver] = [options.prototxt, options.solver].map((file) =>
    file ? readText(tree, posix.normalize(file)) : undefined,
  );
  const { net: netText, notes } = findNet(tree, given, solver);
  const { sources, absent: absentData } = dataOf(tree, options);
  const net = netForMode(netText, mode, sources, preparationOf(tree, options));
  const written = { file: netText.file, text: net };
  const onDisk = pathOf(tree, options.caffemodel);
  await checkWeights(existsSync(onDisk) ? onDisk : read(tree, options.caffemodel), options.caffemodel, written);
  const files: GivenFile[] = [
    { name: netName, content: net, isGiven: true },
    ...(mode === 'calibrate'
      ? []
      : [{ name: 'solver.prototxt', content: fineTuningSolver(solver, posix.join(root, netName)), isGiven: false }]),
    { name: 'quant.cfg', content: quantConfigText(written, name), isGiven: false },
    // Weights that are in the folder already are found there, whatever they are called.
    ...(isInside(tree, root, options.caffemodel)
      ? []
      : [{ name: `${name}.caffemodel`, content: read(tree, options.caffemodel), isGiven: true }]),
  ];
  const told = [...notes, ...absentData];
  if (told.length > 0) logger.warn(formatDiagnostics(told, new Map(solver && [[solver.file, solver.text]])));
  await init(tree);
  const remarks = files.flatMap((file) => writeGiven(tree, root, file));
  remarks.push(
    ...declareProject(tree, name, root, {
      ...(mode !== 'retrain' && { mode }),
      ...(mode === 'calibrate' && { net: netName }),
      // What is handed over is never worse than calibration alone.
      ...(mode === 'distill' && { select: 'best' }),
    }),
  );
  if (remarks.length > 0) logger.warn(remarks.join('\n'));
  return () => {
    const isUnprepared =
      options.mean === undefined &&
      options.scale === undefined &&
      /transform_param \{\s*(crop_size: \d+\s*)?\}/.test(net);
    if (isUnprepared) {
      logger.info(`${root}/${netName}: how the images were prepared that the net was trained on (scale, mean) belongs into
transform_param; without it, the ranges are those of other values than the net will see.`);
    }
    logger.info(`What each layer becomes:  nx run ${name}:quantize-explain
A lock of the data:       nx g @caffe-quant/nx:data-lock ${name}
A trial of 20 iterations: nx run ${name}:quantize-retrain:quick
The whole training:       nx run ${name}:quantize-retrain`);
  };
}

interface GivenFile {
  readonly name: string;
  readonly content: string | Buffer;
  /** Whether it is what the user gives, and not a beginning that is meant to be edited. */
  readonly isGiven: boolean;
}

/** @returns what is to be said where the file was there and is another */
function writeGiven(tree: Tree, root: string, { name, content, isGiven }: GivenFile): string[] {
  const path = posix.join(root, name);
  const before = tree.exists(path) ? tree.read(path) : null;
  if (before?.equals(Buffer.from(content))) return [];
  if (before !== null && !isGiven)
    return [`${path} is there already, and stays as it is; delete it to have it made anew`];
  tree.write(path, content);
  return before === null ? [] : [`${path} was there already, and is now what was given`];
}

/** The data sets, with what they are, and a word about those that are not here. */
function dataOf(
  tree: Tree,
  { data, testData }: ModelOptions,
): { sources: { TRAIN?: GivenData; TEST?: GivenData }; absent: Diagnostic[] } {
  const [TRAIN, TEST] = [data, testData].map((path) =>
    path === undefined ? undefined : givenData(pathOf(tree, path), path.replace(/(?<=.)\/$/, '')),
  );
  const absent = [TRAIN, TEST]
    .filter((given) => given !== undefined && given.kind === undefined)
    .map((given): Diagnostic => {
      const message = `there is no '${given!.source}' here, so it is taken for what the net reads, or for an LMDB`;
      return { code: 'data-absent', severity: 'warning', message, hint: 'paths are taken from the workspace root' };
    });
  return { sources: { ...(TRAIN && { TRAIN }), ...(TEST && { TEST }) }, absent };
}

function preparationOf(tree: Tree, { mean, scale, channelOrder, size, crop }: ModelOptions) {
  const preparation = parsePreparation({
    ...(mean !== undefined && { mean: String(mean) }),
    ...(scale !== undefined && { scale }),
    ...(channelOrder !== undefined && { channelOrder }),
    ...(size !== undefined && { size: String(size) }),
    ...(crop !== undefined && { crop }),
  });
  if (typeof preparation.mean === 'string' && !isFile(tree, preparation.mean)) {
    throw new DiagnosticsError([absent(preparation.mean)]);
  }
  return preparation;
}

/** The net that is given, or that of the solver; where that trains one and tests another, both in one. */
function findNet(tree: Tree, given: NamedText | undefined, solver: NamedText | undefined): NetOfSolver {
  if (solver) return netOfSolver(solver, (path) => readNamed(tree, path, [solver, given]), given);
  if (given) return { net: given, notes: [] };
  const message = 'give the prototxt, or a solver that names it';
  throw new DiagnosticsError([{ code: 'no-net', severity: 'error', message }]);
}

/** A file by the path that a solver gives: as Caffe takes it, from the folder of a file that is here, or beside that. */
function readNamed(tree: Tree, path: string, beside: readonly (NamedText | undefined)[]): NamedText | undefined {
  const folders = beside.filter((file) => file !== undefined).map(({ file }) => posix.dirname(file));
  const places = folders.flatMap((folder) => [posix.join(folder, path), posix.join(folder, posix.basename(path))]);
  const found = [path, ...(isAbsolute(path) ? [] : places)].find((file) => isFile(tree, file));
  return found === undefined ? undefined : readText(tree, posix.normalize(found));
}

function readText(tree: Tree, file: string): NamedText {
  return { file, text: read(tree, file).toString('utf8') };
}

function pathOf(tree: Tree, file: string): string {
  return isAbsolute(file) ? file : join(tree.root, file);
}

function isFile(tree: Tree, file: string): boolean {
  return (!isAbsolute(file) && tree.exists(file)) || existsSync(pathOf(tree, file));
}

/** Of the tree, or of the disk: absolute, outside of the workspace, or ignored. */
function read(tree: Tree, file: string): Buffer {
  const inTree = isAbsolute(file) ? null : tree.read(file);
  return inTree ?? readFileSync(pathOf(tree, file));
}

function isInside(tree: Tree, root: string, file: string): boolean {
  const fromRoot = isAbsolute(file) ? relative(tree.root, file).split(sep).join('/') : posix.normalize(file);
  return posix.dirname(fromRoot) === root;
}

function absent(file: string) {
  const hint = 'paths are taken from the workspace root';
  return { code: 'no-file', severity: 'error', message: `there is no file '${file}'`, hint } as const;
}
