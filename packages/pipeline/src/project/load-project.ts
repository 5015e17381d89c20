import { join } from 'node:path';
import type { DataLock, NetGraph, NetParameter, NetText } from '@caffe-quant/caffe-io';
import { buildNetGraph, readDataLock, readNetText } from '@caffe-quant/caffe-io';
import type { RetrainConfig } from '@caffe-quant/config';
import { parseRetrainConfig } from '@caffe-quant/config';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import type { StageOptions } from '../stage-options.ts';
import type { NetOrigin } from './canonical-net.ts';
import type { DataReference } from './data-references.ts';
import { dataReferences } from './data-references.ts';
import type { ProjectFiles, ReadFile } from './project-files.ts';
import { findProjectFiles } from './project-files.ts';
import type { ProjectFile, ProjectPlace } from './project-place.ts';
import type { SolverSettings } from './solver-settings.ts';
import { solverSettings } from './solver-settings.ts';

/** A project whose files were found, read and are sound each by itself. */
export interface Project {
  readonly place: ProjectPlace;
  readonly prefix: string;
  /** The files of text, in a fixed order. */
  readonly files: readonly ReadFile[];
  readonly config: RetrainConfig;
  readonly solver: SolverSettings;
  readonly net: NetParameter;
  /** The net's prototxt, for messages about its layers. */
  readonly netOrigin: NetOrigin;
  readonly netFile: ProjectFile;
  /** As the user wrote it. */
  readonly netText: string;
  readonly train: NetGraph;
  readonly test: NetGraph;
  /** The prototxt of the option `deploy`. */
  readonly deployFile?: ProjectFile;
  readonly deployText?: string;
  /** They may be absent; then the lock knows them. */
  readonly weights: ProjectFile;
  readonly data: readonly DataReference[];
  /** Absolute. */
  readonly dataRoot?: string;
  /** Absolute; it need not exist. */
  readonly lockFile: string;
  readonly lock?: DataLock;
}

/**
 * Finds and reads the files of a project.
 *
 * @returns the project and warnings about it
 * @throws DiagnosticsError with everything that is wrong with its files
 */
export async function loadProject(
  place: ProjectPlace,
  options: StageOptions,
): Promise<{ project: Project; diagnostics: readonly Diagnostic[] }> {
  const lockFile = join(place.root, 'data.lock.json');
  const lock = await readDataLock(lockFile);
  const files = findProjectFiles(place, options, Object.keys(lock ?? {}));
  const diagnostics: Diagnostic[] = [...files.diagnostics];
  const config = files.config && parseRetrainConfig(files.config.text, files.config.shown);
  if (config) diagnostics.push(...config.diagnostics);
  const solver = files.solver && readSolver(files.solver, options);
  if (solver) diagnostics.push(...solver.diagnostics);
  const net = files.net && readNet(files.net);
  if (net) diagnostics.push(...net.diagnostics);
  const deploy = files.deploy && readNetText(files.deploy.text, files.deploy.shown);
  if (deploy) diagnostics.push(...deploy.diagnostics);
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  if (!config || !solver || !net || !files.net || !files.weights) throw new Error('a file is missing without an error');
  const { file: shown, net: message, locate } = net.origin;
  const project: Project = {
    place,
    prefix: options.prefix ?? place.name,
    files: [files.config, files.solver, files.net, files.deploy].filter((file) => file !== undefined),
    config: config.config,
    solver: solver.settings,
    net: message,
    netOrigin: { file: shown, net: message, locate },
    netFile: files.net,
    netText: files.net.text,
    train: net.train,
    test: net.test,
    ...(files.deploy && { deployFile: files.deploy, deployText: files.deploy.text }),
    weights: files.weights,
    data: net.data,
    ...(files.dataRoot !== undefined && { dataRoot: files.dataRoot }),
    lockFile,
    ...(lock && { lock }),
  };
  return { project, diagnostics };
}

function readSolver(
  file: NonNullable<ProjectFiles['solver']>,
  options: StageOptions,
): { settings: SolverSettings; diagnostics: Diagnostic[] } {
  const { solver, locate, diagnostics } = file.read;
  if (hasErrors(diagnostics)) return { settings: { solver, text: '', seed: 0 }, diagnostics };
  const read = solverSettings(solver, options, { file: file.shown, locate });
  return { settings: read.settings, diagnostics: [...diagnostics, ...read.diagnostics] };
}

interface ReadNet {
  readonly origin: NetOrigin & Pick<NetText, 'net'>;
  readonly train: NetGraph;
  readonly test: NetGraph;
  readonly data: readonly DataReference[];
  readonly diagnostics: readonly Diagnostic[];
}

function readNet({ text, shown }: ReadFile): ReadNet {
  const { net, locate, diagnostics } = readNetText(text, shown);
  const train = buildNetGraph(net, { file: shown, phase: 'TRAIN', locate });
  const test = buildNetGraph(net, { file: shown, phase: 'TEST', locate });
  const data = dataReferences([train.graph, test.graph]);
  const own = [...diagnostics];
  // A layer of both phases has its problems in both.
  if (!hasErrors(own)) own.push(...distinct([...train.diagnostics, ...test.diagnostics]));
  if (!hasErrors(own)) own.push(...data.diagnostics, ...checkLoss(train.graph));
  const origin = { file: shown, net, locate };
  return { origin, train: train.graph, test: test.graph, data: data.references, diagnostics: own };
}

function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

function checkLoss({ layers, file }: NetGraph): Diagnostic[] {
  const hasLoss = layers.some(
    ({ type, param }) => type.endsWith('Loss') || param.loss_weight.some((weight) => weight !== 0),
  );
  if (hasLoss) return [];
  const message = 'the net has no loss layer in TRAIN, so there is nothing to train for';
  return [
    { code: 'no-loss', severity: 'error', message, file, hint: 'give the train_val prototxt, not the deploy one' },
  ];
}
