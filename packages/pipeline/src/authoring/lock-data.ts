import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import type { DataLock, DataSource } from '@caffe-quant/caffe-io';
import { fingerprintSources, isDataPresent, writeDataLock } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { absentData, dataSource, lookUpData } from '../project/data-path.ts';
import { loadProject } from '../project/load-project.ts';
import type { ProjectPlace } from '../project/project-place.ts';
import type { StageOptions } from '../stage-options.ts';

/**
 * The fingerprints of all that a project reads, of what is here now. Data that are not here keep what the lock says of them.
 *
 * @param withWeights the caffemodel too, for one that is not in git; what the lock has already stays in it
 * @throws DiagnosticsError with each source that is neither here nor locked, and all that is wrong with the project's files
 */
export async function lockData(place: ProjectPlace, options: StageOptions, withWeights: boolean): Promise<DataLock> {
  const { project } = await loadProject(place, options);
  const lock = project.lock ?? {};
  const weightsName = relative(place.root, project.weights.path).split(sep).join('/');
  const present: DataSource[] = [];
  const kept: [string, DataLock[string]][] = [];
  const problems = [];
  for (const reference of project.data) {
    const { name } = reference;
    const found = lookUpData(project, reference);
    const source = dataSource(project, reference, found.found?.path);
    const locked = Object.hasOwn(lock, name) ? lock[name] : undefined;
    if (locked && !isDataPresent(source)) kept.push([name, locked]);
    else if (found.found) present.push(source);
    else problems.push(absentData(reference, found));
  }
  if (problems.length > 0) throw new DiagnosticsError(problems);
  const lockedWeights = Object.hasOwn(lock, weightsName) ? lock[weightsName] : undefined;
  if (withWeights || lockedWeights) {
    const { path, shown } = project.weights;
    if (existsSync(path)) present.push({ name: weightsName, path, file: shown });
    else if (lockedWeights) kept.push([weightsName, lockedWeights]);
  }
  const { sources } = await fingerprintSources(present);
  return Object.fromEntries([...Object.entries(sources), ...kept]);
}

/** The bytes of data.lock.json. */
export async function dataLockText(lock: DataLock): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'caffe-quant-lock-'));
  try {
    await writeDataLock(join(folder, 'data.lock.json'), lock);
    return await readFile(join(folder, 'data.lock.json'), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
