import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Phase, SolverText } from '@caffe-quant/caffe-io';
import { readSolverText } from '@caffe-quant/caffe-io';
import type { Diagnostic, Position } from 'caffe-prototxt-parser';
import type { FileOption } from '../option-list.ts';
import type { StageOptions } from '../stage-options.ts';
import { systemErrorCode } from '../system-error.ts';
import { modeOf } from './mode.ts';
import type { ProjectFile, ProjectPlace } from './project-place.ts';
import { solverNets, type NamedNet, type SolverNets } from './solver-nets.ts';
import { lookUp, optionFolders, projectFile, referenceFolders, whereTried } from './project-place.ts';

/** How the names of Caffe's two forms of weights end. */
const WEIGHTS_ENDINGS = ['.caffemodel', '.caffemodel.h5'];

/** A file of text that was read. */
export interface ReadFile extends ProjectFile {
  readonly text: string;
}

/** The prototxt of a net. */
export interface NetFile extends ReadFile {
  /** The net's own text where it stands inside of another file, the solver; `text` then has blanks around it. */
  readonly body?: string;
}

/** The net that is trained and the one that is tested; commonly one and the same. */
export type NetFiles = Readonly<Record<Phase, NetFile>>;

/** The files that a project consists of. What is absent has an error among the diagnostics, but for `deploy`. */
export interface ProjectFiles {
  readonly config?: ReadFile;
  readonly solver?: ReadFile & { readonly read: SolverText };
  readonly nets?: NetFiles;
  readonly deploy?: ReadFile;
  /** `path` need not exist, where the data lock knows the weights. */
  readonly weights?: ProjectFile;
  /** Absolute. */
  readonly dataRoot?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the files of a project and reads those of text.
 *
 * @param lockedNames what the project's data lock knows: weights that are not there may be among it
 */
export function findProjectFiles(
  place: ProjectPlace,
  options: StageOptions,
  lockedNames: readonly string[] = [],
): ProjectFiles {
  return new FileFinder(place, options).find(lockedNames);
}

class FileFinder {
  readonly #place: ProjectPlace;
  readonly #options: StageOptions;
  readonly #diagnostics: Diagnostic[] = [];

  constructor(place: ProjectPlace, options: StageOptions) {
    this.#place = place;
    this.#options = options;
  }

  find(lockedNames: readonly string[]): ProjectFiles {
    const dataRoot = this.#dataRoot();
    const config = this.#read(this.#given('config', 'quant.cfg'));
    // Where nothing is trained, the solver only tells which net it is.
    const needsSolver = modeOf(this.#options) !== 'calibrate' || this.#options.net === undefined;
    const solverFile = needsSolver ? this.#read(this.#given('solver', 'solver.prototxt')) : undefined;
    const solver = solverFile && { ...solverFile, read: readSolverText(solverFile.text, solverFile.shown) };
    const nets = this.#options.net === undefined ? this.#netsOf(solver, dataRoot) : this.#oneNet(this.#given('net'));
    const deploy = this.#options.deploy === undefined ? undefined : this.#read(this.#given('deploy'));
    const weights = this.#options.weights === undefined ? this.#onlyWeights(lockedNames) : this.#given('weights');
    return {
      ...(config && { config }),
      ...(solver && { solver }),
      ...(nets && { nets }),
      ...(deploy && { deploy }),
      ...(weights && { weights }),
      ...(dataRoot !== undefined && { dataRoot }),
      diagnostics: this.#diagnostics,
    };
  }

  #dataRoot(): string | undefined {
    return this.#options.dataRoot === undefined ? undefined : this.#given('dataRoot')?.path;
  }

  /** The file that an option names, or the default one. */
  #given(option: FileOption | 'dataRoot', standard?: string): ProjectFile | undefined {
    const given = this.#options[option];
    const reference = given ?? standard ?? '';
    const folders = given === undefined ? [this.#place.root] : optionFolders(this.#place);
    const found = lookUp(reference, folders, this.#place);
    if (found.found) return found.found;
    const message =
      given === undefined
        ? `the project has no ${reference}${whereTried(found)}`
        : `there is no '${reference}', which the option ${option} names${whereTried(found)}`;
    const hint = given === undefined ? { hint: `add it, or name another file by the option ${option}` } : {};
    this.#diagnostics.push({ code: `no-${option}`, severity: 'error', message, ...hint });
    return undefined;
  }

  #oneNet(file: ProjectFile | undefined): NetFiles | undefined {
    const net = this.#read(file);
    return net && { TRAIN: net, TEST: net };
  }

  #netsOf(solver: ProjectFiles['solver'], dataRoot: string | undefined): NetFiles | undefined {
    if (solver === undefined) return undefined;
    const nets = solverNets(solver.read, solver.shown);
    const { train, tests } = nets;
    this.#diagnostics.push(...nets.diagnostics);
    if (train === undefined) return undefined;
    const [test = train] = tests;
    const TRAIN = this.#netFile(train, solver, dataRoot);
    const TEST = test === train ? TRAIN : this.#netFile(test, solver, dataRoot);
    if (!TRAIN || !TEST) return undefined;
    const isSame = TRAIN.path === TEST.path && TRAIN.body === TEST.body;
    this.#diagnostics.push(...notesOnTests(solver, nets, TEST));
    return isSame ? { TRAIN, TEST: TRAIN } : { TRAIN, TEST };
  }

  #netFile(
    { field, path, inline, position }: NamedNet,
    solver: ReadFile,
    dataRoot: string | undefined,
  ): NetFile | undefined {
    if (inline) return { path: solver.path, shown: solver.shown, ...inline };
    const found = lookUp(path ?? '', referenceFolders(solver, this.#place, dataRoot), this.#place);
    if (found.found) return this.#read(found.found);
    const message = `there is no ${field === 'test_net' ? 'test net' : 'net'} '${path}'${whereTried(found)}`;
    this.#diagnostics.push({ code: 'no-net', severity: 'error', message, file: solver.shown, ...position });
    return undefined;
  }

  #onlyWeights(lockedNames: readonly string[]): ProjectFile | undefined {
    const { root } = this.#place;
    const prefix = this.#options.prefix ?? this.#place.name;
    const present = readdirSync(root).filter((name) => !isOutput(name, prefix));
    // A binary caffemodel comes before an HDF5 one, and what is there before what only the lock knows.
    const candidates =
      [present, lockedNames]
        .flatMap((names) => WEIGHTS_ENDINGS.map((ending) => names.filter((name) => name.endsWith(ending))))
        .find((names) => names.length > 0) ?? [];
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) return projectFile(join(root, only), this.#place);
    const shown = projectFile(root, this.#place).shown;
    this.#diagnostics.push(
      candidates.length === 0
        ? {
            code: 'no-weights',
            severity: 'error',
            message: `the project has no caffemodel; tried ${WEIGHTS_ENDINGS.map((ending) => `${shown}/*${ending}`).join(' and ')}`,
            hint: 'add the trained weights, or name them by the option weights',
          }
        : {
            code: 'several-weights',
            severity: 'error',
            message: `the project has several caffemodels: ${candidates.sort().join(', ')}`,
            hint: 'choose one by the option weights',
          },
    );
    return undefined;
  }

  #read(file: ProjectFile | undefined): ReadFile | undefined {
    if (file === undefined) return undefined;
    const report = (code: string, message: string, hint?: string): undefined => {
      this.#diagnostics.push({ code, severity: 'error', message, file: file.shown, ...(hint && { hint }) });
    };
    let text: string;
    try {
      text = readFileSync(file.path, 'utf8');
    } catch (error) {
      const why = systemErrorCode(error) ?? String(error);
      return report('unreadable-file', `the file cannot be read (${why})`);
    }
    if (text.startsWith('version https://git-lfs.github.com/spec/')) {
      return report('git-lfs-pointer', 'the file is a Git LFS pointer, not the file itself', 'run `git lfs pull`');
    }
    return { ...file, text };
  }
}

/** What of a solver's tests is done here. */
function notesOnTests(
  { shown: file, read: { solver, locate } }: NonNullable<ProjectFiles['solver']>,
  { train, tests }: SolverNets,
  measured: NetFile,
): Diagnostic[] {
  const note = (message: string, position: Position | undefined): Diagnostic[] => {
    return [{ code: 'test-nets', severity: 'info', message, file, ...position }];
  };
  const isOwn = train?.field === 'net' || train?.field === 'net_param';
  if (tests.length === 0 && !isOwn) {
    return note(`the solver names no test net: ${measured.shown} in TEST is measured and exported`, train?.position);
  }
  const count = Math.max(tests.length, solver.test_iter.length);
  if (count < 2) return [];
  const second = tests[1]?.position ?? locate(solver, 'test_iter', 1);
  return note(`of the solver's ${count} test nets only the first is measured and exported: ${measured.shown}`, second);
}

/** Whether a caffemodel is one that we wrote, by its name. */
function isOutput(name: string, prefix: string): boolean {
  const kinds = ['retrain_model', 'fake_quant_weights', 'deploy_weights', 'caffe_model'];
  return kinds.some((kind) => name === `${prefix}_${kind}.caffemodel`);
}
