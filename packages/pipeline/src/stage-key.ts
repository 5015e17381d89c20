import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedEngine } from './engine/installed-engine.ts';
import { linkedSources } from './engine/linked-sources.ts';
import { processorKind } from './engine/processor-kind.ts';
import type { StageName } from './stage-declaration.ts';
import { STAGES, stagesBefore } from './stage-list.ts';
import { resultFilesIn } from './stage-digests.ts';
import { sha256Of } from './store/entry-manifest.ts';

/** What computes a stage: equal engines give equal bytes for equal inputs. */
export type EngineKey = Readonly<Record<string, string | number>>;

export function engineKey(stage: StageName, workspaceRoot: string): EngineKey {
  const { numerics, packages } = STAGES[stage];
  const { numericsVersion, onnxruntime, imageDecoder, version } = installedEngine(workspaceRoot);
  const sources = linkedSources(packages, workspaceRoot);
  return {
    ...(numerics ? { numericsVersion, onnxruntime, imageDecoder, processor: processorKind() } : { version }),
    // Where the packages are linked, their code changes without a version.
    ...(sources !== undefined && { sources }),
  };
}

/** What a finished run of a stage is kept under: its engine and the content of every file that it reads. */
export interface StageKey {
  readonly stage: StageName;
  readonly engine: EngineKey;
  /** By `stage/file`: sha256. */
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * @param outDir folder of the stages' output folders
 * @returns `undefined` where an earlier stage's file is missing
 */
export async function stageKey(stage: StageName, engine: EngineKey, outDir: string): Promise<StageKey | undefined> {
  const inputs: Record<string, string> = {};
  for (const earlier of stagesBefore(stage)) {
    const folder = join(outDir, earlier);
    const reads = STAGES[stage].reads[earlier];
    if (!existsSync(folder) || reads === undefined) return undefined;
    for (const name of reads === 'all' ? await resultFilesIn(folder) : reads) {
      if (!existsSync(join(folder, name))) return undefined;
      inputs[`${earlier}/${name}`] = await sha256Of(join(folder, name));
    }
  }
  return { stage, engine, inputs };
}
