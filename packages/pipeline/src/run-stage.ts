import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { checkOptions } from './check-options.ts';
import { namingTheDisk } from './disk-problem.ts';
import { lockOutput, type OutputLock } from './lock-output.ts';
import { replaceFolder } from './output-folder.ts';
import type { ProjectPlace } from './project/project-place.ts';
import { stageContext } from './stage-context.ts';
import { engineKey, stageKey } from './stage-key.ts';
import { writeDigests } from './stage-digests.ts';
import { STAGES } from './stage-list.ts';
import { checkOutputs } from './stage-outputs.ts';
import type { StageRequest } from './stage-request.ts';
import type { Stage } from './stage.ts';
import { openStore } from './store/open-store.ts';
import { tellingMistakes } from './telling-mistakes.ts';

/**
 * Runs one stage: takes its result from the store where that has it, else does the work; then replaces the stage's own
 * output folder. A user's mistake is printed and leaves the folder as it was.
 *
 * @param held the lock of the output folders, where the caller has it; else it is taken for this stage
 * @returns whether the stage succeeded
 * @throws whatever is not a mistake of the user
 */
export async function runStage(stage: Stage, request: StageRequest, held?: OutputLock): Promise<boolean> {
  const { place } = request;
  return tellingMistakes(`quantize-${stage.name}`, request, async (show) => {
    if (!existsSync(place.root)) throw new DiagnosticsError([noFolder(place)]);
    const outDir = outDirOf(request);
    const writing = { folder: outDir, workspaceRoot: place.workspaceRoot };
    await namingTheDisk(writing, async () => {
      const lock = held ?? (await lockOutput(outDir, stage.name, request));
      try {
        await performStage(stage, request, outDir, show);
        if (!held) lock.release(stage.name === LAST_STAGE);
      } catch (error) {
        if (!held) lock.release(true);
        throw error;
      }
    });
  });
}

/**
 * The work of `runStage`, for a caller that has the lock of the output folders and tells the user of mistakes.
 *
 * @param outDir folder of the stages' output folders
 * @throws DiagnosticsError for a mistake of the user
 */
export async function performStage(
  work: Stage,
  request: StageRequest,
  outDir: string,
  warn: (diagnostics: readonly Diagnostic[]) => void,
): Promise<void> {
  const { place, options, host } = request;
  const stage = work.name;
  const shape = STAGES[stage];
  const differing = checkOptions(stage, options, outDir);
  if (differing.length > 0) throw new DiagnosticsError(differing);
  const store = openStore(place.workspaceRoot, warn);
  await store.clear();
  const key = shape.stored ? await stageKey(stage, engineKey(stage, place.workspaceRoot), outDir) : undefined;
  await replaceFolder(join(outDir, stage), async (out) => {
    if (key !== undefined) {
      if (await store.restore(key, out)) {
        host.print(`quantize-${stage}: nothing it depends on has changed; taken from .caffe-quant/store`);
        return;
      }
      await rm(out, { recursive: true, force: true });
      await mkdir(out);
    }
    const context = stageContext({ stage, request, outDir, out, store, key, warn });
    const writing = { folder: out, shown: join(outDir, stage), workspaceRoot: place.workspaceRoot };
    try {
      await namingTheDisk(writing, () => work.run(context));
      host.signal.throwIfAborted();
      await checkOutputs(stage, out);
      await writeDigests(stage, out);
    } finally {
      await context.close();
    }
    if (key === undefined) return;
    await store.put(key, (draft) => cp(out, draft, { recursive: true }));
    await store.forget({ checkpoint: key });
  });
}

/** Folder of a project's output folders, one for each stage. */
export function outDirOf({ place, options, stagesFolder }: Omit<StageRequest, 'host'>): string {
  if (stagesFolder !== undefined) return stagesFolder;
  const outDir = resolve(place.workspaceRoot, options.outDir ?? join('dist', 'quantize', place.name));
  const fromRoot = relative(place.workspaceRoot, outDir);
  const isAbove = (place.root + sep).startsWith(outDir + sep);
  if (isAbove || fromRoot.split(sep)[0] === '..') {
    const message = `the option outDir is '${options.outDir}', which is not a folder of its own inside of the workspace`;
    throw new DiagnosticsError([{ code: 'out-dir', severity: 'error', message }]);
  }
  return outDir;
}

function noFolder({ name, root, workspaceRoot }: ProjectPlace): Diagnostic {
  const message = `the project '${name}' should be in ${relative(workspaceRoot, root)}, but there is no such folder`;
  return { code: 'no-project-folder', severity: 'error', message, file: 'workspace.json' };
}

/** With it a run of all stages is done. */
const LAST_STAGE = 'retrain';
