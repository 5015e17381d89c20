import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlobFile, readCaffemodelFile, type NetGraph, type Phase } from '@caffe-quant/caffe-io';
import { NetData, fitWeights, loadNamedFiles, type NetWeights } from '@caffe-quant/kernels';
import type { TrainingResult } from '@caffe-quant/report';
import type { ClipRange } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { readCanonicalNet } from '../project/canonical-net.ts';
import { dataFolders, dataPath } from '../project/data-path.ts';
import type { Project } from '../project/project.ts';
import { dataLayersOf } from '../project/read-net.ts';
import { readWeights } from '../project/read-weights.ts';
import type { RunInput } from './run-input.ts';

/** A net in one phase, with its data at hand. */
export interface NetWithData {
  readonly graph: NetGraph;
  readonly data: NetData;
}

/**
 * Opens the net of a canonical prototxt in one phase, and the data sets that it names.
 *
 * @throws DiagnosticsError where a data set is not there or cannot be read
 */
export async function openNet(
  project: Project,
  { net, seed }: { net: string; seed: number },
  phase: Phase,
): Promise<NetWithData> {
  const graph = withNamedFiles(project, readCanonicalNet(net, phase, project.netOrigin));
  return { graph, data: await openData(project, graph, seed) };
}

function openData(project: Project, graph: NetGraph, seed: number, reader = graph): Promise<NetData> {
  return NetData.open(graph, {
    seed,
    reader,
    resolvePath: (path) => dataPath(project, path, graph.phase),
    folders: dataFolders(project, graph.phase),
  });
}

/**
 * Opens the net that is calibrated and trained, and the data that it is calibrated and trained on.
 *
 * @throws DiagnosticsError where a data set is not there or cannot be read
 */
export async function openTrained(project: Project, input: RunInput & { net: string }): Promise<NetWithData> {
  const { net, seed, phase, dataPhase } = input;
  if (phase === dataPhase) return openNet(project, input, phase);
  const graph = withNamedFiles(project, readCanonicalNet(net, phase, project.netOrigin));
  const sources = readCanonicalNet(net, dataPhase, project.netOrigin, dataLayersOf);
  return { graph, data: await openData(project, sources, seed, graph) };
}

/** The net with what is in the files that its layers name beside their data. */
export const withNamedFiles = (project: Project, graph: NetGraph): NetGraph =>
  loadNamedFiles(graph, {
    blob: (path) => readBlobFile(dataPath(project, path, graph.phase)).data,
    text: (path) => readFileSync(dataPath(project, path, graph.phase), 'utf8'),
  });

/**
 * The project's weights for a net.
 *
 * @returns with them warnings, and what is worth knowing of how they fit
 * @throws DiagnosticsError where they are not there or do not fit
 */
export async function projectWeights(
  project: Project,
  { writtenNames = {} }: RunInput,
  { graph, data }: NetWithData,
): Promise<{ weights: NetWeights; diagnostics: readonly Diagnostic[] }> {
  const names = new Map(Object.entries(writtenNames));
  return fitWeights(graph, data.inputShapes(), await readWeights(project), project.weights.shown, names);
}

/** Of the models, what phases the net is exported in: a net that is never trained need not have a sound TRAIN phase. */
export function exportedPhases({ phase }: RunInput): { phases?: readonly Phase[] } {
  return phase === 'TRAIN' ? {} : { phases: [phase] };
}

/** What the training stage left in its folder. */
export function readTrained(folder: string): { weights: NetWeights; clips: ReadonlyMap<string, ClipRange> } {
  const { layers } = readCaffemodelFile(join(folder, 'trained.caffemodel'));
  const { finalClips } = readJson<TrainingResult>(join(folder, 'training.json'));
  return {
    weights: new Map(layers.map(({ name, blobs }) => [name, blobs.map(({ data }) => data)])),
    clips: new Map(Object.entries(finalClips)),
  };
}

/** A JSON file that an earlier stage wrote. */
export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
