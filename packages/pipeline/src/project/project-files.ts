import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SolverText } from '@caffe-quant/caffe-io';
import { readSolverText } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { StageOptions } from '../stage-options.ts';
import { systemErrorCode } from '../system-error.ts';
import { modeOf } from './mode.ts';
import type { ProjectFile, ProjectPlace } from './project-place.ts';
import { lookUp, optionFolders, projectFile, referenceFolders, whereTried } from './project-place.ts';

/** How the names of Caffe's two forms of weights end. */
const WEIGHTS_ENDINGS = ['.caffemodel', '.caffemodel.h5'];

/** A file of text that was read. */
export interface ReadFile extends ProjectFile {
  readonly text: string;
}

/** The files that a project consists of. What is absent has an error among the diagnostics, but for `deploy`. */
export interface ProjectFiles {
  readonly config?: ReadFile;
  readonly solver?: ReadFile & { readonly read: SolverText };
  readonly net?: ReadFile;
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
    const net = this.#read(this.#options.net === undefined ? this.#netOf(solver, dataRoot) : this.#given('net'));
    const deploy = this.#options.deploy === undefined ? undefined : this.#read(this.#given('deploy'));
    const weights = this.#options.weights === undefined ? this.#onlyWeights(lockedNames) : this.#given('weights');
    return {
      ...(config && { config }),
      ...(solver && { solver }),
      ...(net && { net }),
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
  #given(
    option: 'config' | 'net' | 'deploy' | 'solver' | 'weights' | 'dataRoot',
    standard?: string,
  ): ProjectFile | undefined {
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

  #netOf(
    solver: (ReadFile & { readonly read: SolverText }) | undefined,
    dataRoot: string | undefined,
  ): ProjectFile | undefined {
    if (solver === undefined) return undefined;
    const { solver: message, locate } = solver.read;
    const field = (['net', 'train_net', 'net_param', 'train_net_param'] as const).find(
      (name) => message[name] !== undefined,
    );
    const position = (field && locate(message, field)) ?? {};
    const at = { severity: 'error', file: solver.shown, ...position } as const;
    if (field !== 'net') {
      const message =
        field === undefined ? 'the solver names no net' : `the solver's \`${field}\` is not supported, only \`net\``;
      const hint = 'add `net: "<train_val prototxt>"`, or give the option net';
      this.#diagnostics.push({ ...at, code: 'no-net', message, hint });
      return undefined;
    }
    const reference = message.net ?? '';
    const found = lookUp(reference, referenceFolders(solver, this.#place, dataRoot), this.#place);
    if (found.found) return found.found;
    this.#diagnostics.push({ ...at, code: 'no-net', message: `there is no net '${reference}'${whereTried(found)}` });
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

/** Whether a caffemodel is one that we wrote, by its name. */
function isOutput(name: string, prefix: string): boolean {
  const kinds = ['retrain_model', 'fake_quant_weights', 'deploy_weights', 'caffe_model'];
  return kinds.some((kind) => name === `${prefix}_${kind}.caffemodel`);
}
