import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource, FileFingerprint, SourceFingerprint } from '@caffe-quant/caffe-io';
import { fingerprintSource, fingerprintSources } from '@caffe-quant/caffe-io';
import { describeDevice } from '@caffe-quant/kernels/devices';
import { canonicalJson } from '@caffe-quant/resolver';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { Fingerprint } from './fingerprint.ts';
import { OPTIONS_FILE, sharedOptions } from '../../check-options.ts';
import { OPTION_LIST } from '../../option-list.ts';
import { absentData, dataSource, lookUpData } from '../../project/data-path.ts';
import type { Project } from '../../project/project.ts';
import { resolveProject } from '../../project/resolve-project.ts';
import { readThresholds } from '../../project/thresholds.ts';
import type { Stage } from '../../stage.ts';

/**
 * Digests of all that a project reads. It is the first stage and runs every time, so it also finds whatever can be wrong
 * with the project's files before anything takes long.
 *
 * `fingerprint.json` has the data and the weights, by content alone, and what is known of the device; `sources.json` the files of text; `options.json` the
 * options, which the stages after it hold against their own.
 */
export const fingerprintStage: Stage = {
  name: 'fingerprint',
  async run({ place, project: load, options, out, print }) {
    const problems: Diagnostic[] = [];
    // Everything that is wrong is told at once: the files, quant.cfg against the net, then the data, then the weights.
    await collect(problems, async () => readThresholds(place));
    const project = await collect(problems, load);
    if (!project) throw new DiagnosticsError(problems);
    await collect(problems, async () => resolveProject(project, options));
    const data = await collect(problems, async () => fingerprintData(project, print));
    const weights = await collect(problems, async () => fingerprintWeights(project));
    if (problems.length > 0 || !data || !weights) throw new DiagnosticsError(problems);
    const device = describeDevice(options.device ?? OPTION_LIST.device.default);
    const fingerprint: Fingerprint = {
      ...{ weights: { size: weights.size, sha256: weights.sha256 }, data },
      ...(device && { device }),
    };
    await writeFile(join(out, 'fingerprint.json'), canonicalJson(fingerprint));
    const sources = project.files.map(({ shown, text }) => ({ file: shown, sha256: sha256(text) }));
    await writeFile(join(out, 'sources.json'), canonicalJson(sources));
    await writeFile(join(out, OPTIONS_FILE), canonicalJson(sharedOptions(options)));
  },
};

async function collect<T>(problems: Diagnostic[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    problems.push(...error.diagnostics);
    return undefined;
  }
}

async function fingerprintData(project: Project, print: (text: string) => void): Promise<Fingerprint['data']> {
  const { lock, lockFile } = project;
  const problems: Diagnostic[] = [];
  const sources: DataSource[] = [];
  for (const reference of project.data) {
    const found = lookUpData(project, reference);
    const isLocked = lock !== undefined && Object.hasOwn(lock, reference.name);
    if (!found.found && !isLocked) problems.push(absentData(reference, found));
    else sources.push(dataSource(project, reference, found.found?.path));
  }
  const read = await collect(problems, () => fingerprintSources(sources, { lockFile }));
  if (problems.length > 0 || !read) throw new DiagnosticsError(problems);
  if (lock !== undefined && read.unlocked.length > 0) {
    print(`not in data.lock.json: ${read.unlocked.join(', ')}; a clone without the data cannot use cached results`);
  }
  const phasesOf = new Map(project.data.map(({ name, phases }) => [name, phases]));
  return Object.fromEntries(
    Object.entries(read.sources).map(([name, source]) => [name, { phases: phasesOf.get(name) ?? [], ...source }]),
  );
}

/** Of the file that is there, a Git LFS pointer counting as what it points to; else of the lock. */
async function fingerprintWeights({ weights, lock, lockFile, place }: Project): Promise<FileFingerprint> {
  const name = Object.keys(lock ?? {}).find((locked) => join(place.root, locked) === weights.path);
  let fingerprint: SourceFingerprint | undefined;
  if (name === undefined) fingerprint = await fingerprintSource(weights.path);
  else {
    const path = existsSync(weights.path) ? weights.path : undefined;
    const read = await fingerprintSources([{ name, path, file: weights.shown }], { lockFile });
    fingerprint = read.sources[name];
  }
  const [file] = fingerprint?.files ?? [];
  if (file) return file;
  const message = 'there are no weights, neither here nor in data.lock.json';
  throw new DiagnosticsError([{ code: 'no-weights', severity: 'error', message, file: weights.shown }]);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
