import { resultFilesIn } from './stage-digests.ts';
import type { StageName } from './stage-declaration.ts';
import { STAGES } from './stage-list.ts';

/**
 * Holds what a stage has written against its declaration, which its readers rely on.
 *
 * @throws RangeError where it has left a file that the declaration does not name
 */
export async function checkOutputs(stage: StageName, out: string): Promise<void> {
  for (const name of await resultFilesIn(out)) {
    if (!STAGES[stage].writes.some((declared) => isNamed(name, declared))) {
      throw new RangeError(`stage ${stage} is not declared to write ${name}`);
    }
  }
}

/** @param declared a name in which a `*` stands for any text */
function isNamed(name: string, declared: string): boolean {
  const [before = '', after] = declared.split('*');
  if (after === undefined) return name === declared;
  return name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
}
