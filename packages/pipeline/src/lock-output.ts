import { lockFolder } from './locks/lock-folder.ts';
import type { StageName } from './stage-declaration.ts';
import type { StageRequest } from './stage-request.ts';

/** The output folders of a run, which no other run writes meanwhile. */
export interface OutputLock {
  /** @param done whether the run that the stage belongs to is done; else its next stage finds the folders still its own */
  release(done: boolean): void;
}

const FREE: OutputLock = { release: () => undefined };

/** The lock of the run of Nx that the stages belong to, beside theirs. */
const RUN_LOCK = '.run.lock';

/**
 * Takes the output folders for a run. A stage reads what the stages before it have left, and keeps what it makes of that
 * under the digests it took at first: both hold only while nobody else writes there.
 *
 * Where each stage is a process, the run as a whole has a lock that stays between its stages, and the stage another one: it
 * may live on for a while after the run's process was killed.
 *
 * @throws DiagnosticsError where another run has them and does not end in time
 */
export async function lockOutput(
  outDir: string,
  stage: StageName | 'all',
  { place, host, stagesFolder }: StageRequest,
): Promise<OutputLock> {
  // It stands outside of runs: it reads the project's files alone.
  if (stage === 'explain') return FREE;
  const request = {
    subject: `project ${place.name}`,
    patient: host.run === undefined,
    instead: stagesFolder === undefined ? 'give this one another folder by outDir' : 'work on a copy of the project',
    signal: host.signal,
    print: host.print,
    workspaceRoot: place.workspaceRoot,
  };
  const ofRun = host.run && (await lockFolder(outDir, { ...request, owner: host.run, shared: true }, RUN_LOCK));
  const ofStage = await lockFolder(outDir, request);
  return {
    release(done) {
      ofStage.release();
      if (done) ofRun?.release();
    },
  };
}
