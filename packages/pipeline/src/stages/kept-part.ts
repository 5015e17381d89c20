import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageContext } from '../stage.ts';
import { readJson } from './net-data.ts';

/** A part of a stage's work as JSON: done now, or before with an equal key. */
export async function keptPart<T>(part: StageContext['part'], key: object, work: () => Promise<T>): Promise<T> {
  const folder = await part(key, async (draft) => writeFile(join(draft, 'part.json'), JSON.stringify(await work())));
  return readJson<T>(join(folder, 'part.json'));
}
