import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import type { GeneratorCallback, Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import { fineTuningSolver, pointData, quantConfigText } from '@caffe-quant/pipeline';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import init from '../init/generator.ts';
import { declareProject } from './declare-project.ts';

/** What the schema lets a user say; paths are from the workspace root or absolute. */
export interface ModelOptions {
  name: string;
  prototxt: string;
  caffemodel: string;
  solver?: string;
  data?: string;
  testData?: string;
  directory?: string;
}

const NET = 'train_val.prototxt';

/**
 * Makes a model project: the net with its data, the weights, a quant.cfg that lists the net's layers, and a solver for
 * fine-tuning. Files that are in the project's folder already stay as they are, but for the net that gets other data.
 *
 * @throws DiagnosticsError where a file is missing or wrong; nothing is written then
 */
export default async function model(tree: Tree, options: ModelOptions): Promise<GeneratorCallback> {
  const { name, data, testData } = options;
  const root = posix.normalize(options.directory ?? `models/${name}`).replace(/\/$/, '');
  const missing = [options.prototxt, options.caffemodel, options.solver].filter(
    (file) => file !== undefined && !isFile(tree, file),
  );
  if (missing.length > 0) throw new DiagnosticsError(missing.map((file) => absent(file ?? '')));
  const netText = { file: options.prototxt, text: read(tree, options.prototxt).toString('utf8') };
  const solver = options.solver === undefined ? undefined : read(tree, options.solver).toString('utf8');
  const net = pointData(netText, {
    ...(data !== undefined && { TRAIN: data }),
    ...(testData !== undefined && { TEST: testData }),
  });
  const files: Record<string, string | Buffer> = {
    [NET]: net,
    'solver.prototxt': fineTuningSolver(
      solver === undefined ? undefined : { file: options.solver ?? '', text: solver },
      posix.join(root, NET),
    ),
    'quant.cfg': quantConfigText({ file: options.prototxt, text: net }, name),
  };
  // Weights that are in the folder already are found there, whatever they are called.
  if (!isInside(tree, root, options.caffemodel)) files[`${name}.caffemodel`] = read(tree, options.caffemodel);
  await init(tree);
  for (const [file, content] of Object.entries(files)) {
    const path = posix.join(root, file);
    if (!tree.exists(path) || (file === NET && net !== netText.text)) tree.write(path, content);
  }
  declareProject(tree, name, root);
  return () => {
    logger.info(`What each layer becomes:  nx run ${name}:quantize-explain
A lock of the data:       nx g @caffe-quant/nx:data-lock ${name}
A trial of 20 iterations: nx run ${name}:quantize-retrain:quick
The whole training:       nx run ${name}:quantize-retrain`);
  };
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
