import type { Diagnostic, Position } from 'caffe-prototxt-parser';
import type { UpgradeLog } from './upgrade-log.ts';

type Locate = (message: object, field?: string, index?: number) => Position | undefined;

/** An upgrade's problems at their places in the file. */
export function upgradeDiagnostics(log: UpgradeLog, file: string, locate: Locate): Diagnostic[] {
  return log.problems.map(({ at, field, layer, ...problem }) => ({
    ...problem,
    file,
    ...locateOrigin(log, locate, at, field),
    ...(layer === undefined ? {} : { layer }),
  }));
}

/** Where the old form of a message of the upgraded net, or of its field, stands in the file. */
export function locateOrigin(
  log: UpgradeLog,
  locate: Locate,
  message: object,
  field?: string,
  index?: number,
): Position | undefined {
  const origin = log.originOf(message, field);
  if (origin.field === undefined) return locate(origin.message);
  return locate(origin.message, origin.field, index);
}
