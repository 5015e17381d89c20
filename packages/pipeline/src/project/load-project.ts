import { basename, join } from 'node:path';
import type { NetText } from '@caffe-quant/caffe-io';
import { buildNetGraph, readDataLock, readNetText } from '@caffe-quant/caffe-io';
import { parseRetrainConfig } from '@caffe-quant/config';
import { checkNet } from '@caffe-quant/kernels/layer-types';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError, hasErrors } from 'caffe-prototxt-parser';
import type { StageOptions } from '../stage-options.ts';
import { dataClashes } from './data-path.ts';
import { modeOf } from './mode.ts';
import type { ProjectFiles, ReadFile } from './project-files.ts';
import { findProjectFiles } from './project-files.ts';
import type { Project } from './project.ts';
import type { ProjectFile, ProjectPlace } from './project-place.ts';
import { statesOf } from './net-states.ts';
import { readProjectNet } from './project-net.ts';
import { readNet } from './read-net.ts';
import { separateSameNames, textWithSeparateNames } from './same-names.ts';
import { testNetProblems } from './solver-nets.ts';
import type { SolverSettings } from './solver-settings.ts';
import { displayOf, solverSettings } from './solver-settings.ts';

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
  const solver = files.solver && modeOf(options) !== 'calibrate' ? readSolver(files.solver, options) : undefined;
  if (solver) diagnostics.push(...solver.diagnostics);
  if (files.solver && files.weights) diagnostics.push(...otherWeights(files.solver, files.weights));
  const states = files.solver && statesOf(files.solver.read.solver);
  const written = files.nets && readProjectNet(files.nets, states);
  const net = written && readNet(written, modeOf(options));
  if (net) diagnostics.push(...net.diagnostics);
  const deploy = files.deploy && readNetText(files.deploy.text, files.deploy.shown);
  const deployNames = deploy && separateSameNames(deploy, files.deploy.shown);
  if (deploy) diagnostics.push(...deploy.diagnostics, ...(deployNames?.diagnostics ?? []));
  if (deploy && !hasErrors(deploy.diagnostics)) diagnostics.push(...deployProblems(deploy, files.deploy.shown));
  // An error of a net that stands in the solver is one of both.
  const distinct = [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()];
  if (hasErrors(distinct)) throw new DiagnosticsError(distinct);
  if (!config || !written || !net || !files.nets || !files.weights)
    throw new Error('a file is missing without an error');
  const project: Project = {
    place,
    prefix: options.prefix ?? place.name,
    files: textFiles(files),
    config: config.config,
    ...(solver && { solver: solver.settings }),
    seed: solver?.settings.seed ?? 0,
    net: written.origin.net,
    dialect: written.dialect,
    netOrigin: written.origin,
    netFiles: files.nets,
    netText: written.text,
    isNetAsWritten: written.isAsWritten,
    writtenNames: written.writtenNames,
    train: net.train,
    test: net.test,
    dataPhase: net.dataPhase,
    ...(files.deploy && {
      deployFile: files.deploy,
      deployText: textWithSeparateNames(files.deploy.text, files.deploy.shown),
    }),
    weights: files.weights,
    data: net.data,
    ...(files.dataRoot !== undefined && { dataRoot: files.dataRoot }),
    lockFile,
    ...(lock && { lock }),
  };
  const clashes = dataClashes(project);
  if (clashes.length > 0) throw new DiagnosticsError(clashes);
  return { project, diagnostics: distinct };
}

/** Each file once; a net may stand in the solver. */
function textFiles({ config, solver, nets, deploy }: ProjectFiles): ReadFile[] {
  const all = [config, solver, nets?.TRAIN, nets?.TEST, deploy].filter((file) => file !== undefined);
  return [...new Map([...all].reverse().map((file) => [file.path, file])).values()].reverse();
}

/** The exported models have the deploy net's topology: nothing of it is passed over either. */
function deployProblems({ net, dialect, locate }: NetText, file: string): Diagnostic[] {
  const { graph } = buildNetGraph(net, { file, phase: 'TEST', locate });
  return checkNet(net, dialect, [{ graph, locate }]);
}

/** The solver may name weights to start from, where Caffe's command line gives none. */
function otherWeights({ read, shown }: NonNullable<ProjectFiles['solver']>, used: ProjectFile): Diagnostic[] {
  const { solver, locate } = read;
  const named = solver.weights.flatMap((list) => list.split(',')).map((path) => path.trim());
  if (named.length === 0 || named.some((path) => basename(path) === basename(used.path))) return [];
  const message = `the solver starts from ${named.map((path) => `'${path}'`).join(', ')}, but the float weights here are ${used.shown}`;
  const hint = 'name the right ones by the option weights, or leave the field out of the solver';
  const position = locate(solver, 'weights');
  return [{ code: 'other-weights', severity: 'warning', message, file: shown, ...position, hint }];
}

function readSolver(
  file: NonNullable<ProjectFiles['solver']>,
  options: StageOptions,
): { settings: SolverSettings; diagnostics: Diagnostic[] } {
  const { solver, dialect, locate, diagnostics } = file.read;
  if (hasErrors(diagnostics))
    return { settings: { solver, text: '', seed: 0, apVersion: 'Integral', display: displayOf(solver) }, diagnostics };
  const read = solverSettings(solver, options, { file: file.shown, dialect, locate });
  const tests = testNetProblems(file.read, file.shown, options.net !== undefined);
  return { settings: read.settings, diagnostics: [...diagnostics, ...read.diagnostics, ...tests] };
}
