import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { optionsFor } from './check-options.ts';
import { memoryLimitOf } from './memory-limit.ts';
import type { Project } from './project/project.ts';
import { loadProject } from './project/load-project.ts';
import { projectFile } from './project/project-place.ts';
import type { StageRequest } from './stage-request.ts';
import type { StageName } from './stage-declaration.ts';
import { STAGES } from './stage-list.ts';
import type { StageKey } from './stage-key.ts';
import type { StageContext } from './stage.ts';
import type { StageStore } from './store/stage-store.ts';

export interface ContextParts {
  readonly stage: StageName;
  readonly request: StageRequest;
  readonly outDir: string;
  readonly out: string;
  readonly store: StageStore;
  /** Absent for a stage that is not stored: it has no checkpoints, and its parts are made every time. */
  readonly key: StageKey | undefined;
  warn: StageContext['warn'];
}

/** The world of one run of a stage; `close` clears away what it needed meanwhile. */
export function stageContext(parts: ContextParts): StageContext & { close(): Promise<void> } {
  const { stage, request, outDir, out, store, key } = parts;
  const { place, options, host } = request;
  const partsFolder = `${out}.parts`;
  const checkpointKey = { checkpoint: key };
  let project: Promise<Project> | undefined;
  let partCount = 0;
  return {
    place,
    options: optionsFor(stage, options),
    out,
    signal: host.signal,
    memoryLimit: memoryLimitOf(options),
    print: host.print,
    warn: parts.warn,
    project: () =>
      (project ??= loadProject(place, options).then((loaded) => {
        // One stage of a run tells the warnings about the files; the others would repeat them.
        if (stage === 'resolve' || stage === 'explain') parts.warn(loaded.diagnostics);
        return loaded.project;
      })),
    input: (earlier, file) => inputOf(stage, earlier, file, outDir, place),
    checkpoint: {
      save: async (write) => (key === undefined ? undefined : store.put(checkpointKey, write, true)),
      restore: async (into) => key !== undefined && store.restore(checkpointKey, into),
    },
    async part(partKey, work) {
      const folder = join(partsFolder, String(partCount++));
      await mkdir(folder, { recursive: true });
      const fullKey = key && { stage, engine: key.engine, part: partKey };
      if (fullKey && (await store.restore(fullKey, folder))) return folder;
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      await work(folder);
      if (fullKey) await store.put(fullKey, (draft) => cp(folder, draft, { recursive: true }));
      return folder;
    },
    close: () => rm(partsFolder, { recursive: true, force: true }),
  };
}

function inputOf(
  stage: StageName,
  earlier: StageName,
  file: string | undefined,
  outDir: string,
  place: StageRequest['place'],
): string {
  const reads = STAGES[stage].reads[earlier];
  if (reads === undefined || (reads !== 'all' && (file === undefined || !reads.includes(file)))) {
    throw new RangeError(`stage ${stage} is not declared to read ${file ?? 'the folder'} of ${earlier}`);
  }
  const path = file === undefined ? join(outDir, earlier) : join(outDir, earlier, file);
  if (existsSync(path)) return path;
  const { shown } = projectFile(path, place);
  const hint = `run \`nx run ${place.name}:quantize-${stage}\`, which runs the stages before it`;
  const message = `the stage quantize-${earlier} has left no ${shown}`;
  throw new DiagnosticsError([{ code: 'stage-missing', severity: 'error', message, hint }]);
}
