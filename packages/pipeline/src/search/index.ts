/** The search for the cheapest way to an accuracy: an attempt, and the end of it. */
export { concludeSearch } from './conclude-search.ts';
export { runAttempt } from './run-attempt.ts';
