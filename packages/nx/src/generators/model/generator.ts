import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import type { GeneratorCallback, Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import type { NamedText, NetOfSolver, StageOptions } from '@caffe-quant/pipeline';
import { fineTuningSolver, netForMode, netOfSolver, quantConfigText } from '@caffe-quant/pipeline';
import { DiagnosticsError, formatDiagnostics } from 'caffe-prototxt-parser';
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
}

/** The net in the project: with data for training, or of inference with data in the place of its input. */
const NET = { retrain: 'train_val.prototxt', distill: 'net.prototxt', calibrate: 'net.prototxt' } as const;

/**
 * Makes a model project: the net with its data, the weights, a quant.cfg that lists the net's layers, and a solver for
 * fine-tuning. Files that are in the project's folder already stay as they are, but for the net that gets other data.
 *
 * @throws DiagnosticsError where a file is missing or wrong; nothing is written then
 */
export default async function model(tree: Tree, options: ModelOptions): Promise<GeneratorCallback> {
  const { name, data, testData, mode = 'retrain' } = options;
  const netName = NET[mode];
  const root = posix.normalize(options.directory ?? `models/${name}`).replace(/\/$/, '');
  const missing = [options.prototxt, options.caffemodel, options.solver].filter((file) => file && !isFile(tree, file));
  if (missing.length > 0) throw new DiagnosticsError(missing.map((file) => absent(file ?? '')));
  const [given, solver] = [options.prototxt, options.solver].map((file) =>
    file ? readText(tree, posix.normalize(file)) : undefined,
  );
  const { net: netText, notes } = findNet(tree, given, solver);
  const isLevelDb = data !== undefined && isFile(tree, `${data}/CURRENT`);
  const sources = {
    ...(data !== undefined && { TRAIN: data }),
    ...(testData !== undefined && { TEST: testData }),
  };
  const net = netForMode(netText, mode, sources, isLevelDb ? 'LEVELDB' : 'LMDB');
  const files: Record<string, string | Buffer> = {
    [netName]: net,
    ...(mode !== 'calibrate' && {
      'solver.prototxt': fineTuningSolver(solver, posix.join(root, netName)),
    }),
    'quant.cfg': quantConfigText({ file: netText.file, text: net }, name),
  };
  // Weights that are in the folder already are found there, whatever they are called.
  if (!isInside(tree, root, options.caffemodel)) files[`${name}.caffemodel`] = read(tree, options.caffemodel);
  if (notes.length > 0) logger.warn(formatDiagnostics(notes, new Map(solver && [[solver.file, solver.text]])));
  await init(tree);
  for (const [file, content] of Object.entries(files)) {
    const path = posix.join(root, file);
    if (!tree.exists(path) || (file === netName && net !== (given ?? netText).text)) tree.write(path, content);
  }
  declareProject(tree, name, root, {
    ...(mode !== 'retrain' && { mode }),
    ...(mode === 'calibrate' && { net: netName }),
    // What is handed over is never worse than calibration alone.
    ...(mode === 'distill' && { select: 'best' }),
  });
  return () => {
    if (mode !== 'retrain' && net.includes('transform_param')) {
      logger.info(`${root}/${netName}: how the images were prepared that the net was trained on (scale, mean) belongs into
transform_param; without it, the ranges are those of other values than the net will see.`);
    }
    logger.info(`What each layer becomes:  nx run ${name}:quantize-explain
A lock of the data:       nx g @caffe-quant/nx:data-lock ${name}
A trial of 20 iterations: nx run ${name}:quantize-retrain:quick
The whole training:       nx run ${name}:quantize-retrain`);
  };
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

function isFile(tree: Tree, file: string): boolean {
  return isAbsolute(file) ? existsSync(file) : tree.exists(file) || existsSync(join(tree.root, file));
}

/** Of the tree, or of the disk: absolute, outside of the workspace, or ignored. */
function read(tree: Tree, file: string): Buffer {
  const inTree = isAbsolute(file) ? null : tree.read(file);
  return inTree ?? readFileSync(isAbsolute(file) ? file : join(tree.root, file));
}

function isInside(tree: Tree, root: string, file: string): boolean {
  const fromRoot = isAbsolute(file) ? relative(tree.root, file).split(sep).join('/') : posix.normalize(file);
  return posix.dirname(fromRoot) === root;
}

function absent(file: string) {
  const hint = 'paths are taken from the workspace root';
  return { code: 'no-file', severity: 'error', message: `there is no file '${file}'`, hint } as const;
}
