/**
 * Version of the numbers that this package computes. It is raised by one whenever the same inputs give other bytes than
 * before, and by nothing else: results that are cached under another version are not used.
 */
export const NUMERICS_VERSION = 8;
