import { durationText } from '../../duration-text.ts';

/** Shorter work is not announced, in milliseconds. */
const TOLD_FROM = 5_000;

/** A line about work that is going to take long; undefined for what is soon done. */
export function timeAhead(what: string, milliseconds: number): string | undefined {
  if (milliseconds < TOLD_FROM) return undefined;
  return `${what}: about ${durationText(milliseconds)}`;
}
