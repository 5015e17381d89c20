import type { StageOptions } from '../stage-options.ts';
/** What an attempt changes, in the order of what it costs. */
export type AttemptChange = 
/** Calibration alone, without training. */
{
    readonly kind: 'calibrate';
    /** Options besides the project's own. */
    readonly options?: StageOptions;
    /** Times as many batches to measure ranges on. */
    readonly batches?: number;
    /** Whether it changes nothing but measured ranges: of no use where the config gives them all. */
    readonly ofRanges?: boolean;
    /** Of those that exclude each other only one is combined with others. */
    readonly insteadOf?: string;
}
/** All that helped of the attempts before it, together. */
 | {
    readonly kind: 'combine';
}
/** The best calibration so far, with at most so many layers left float: those that cost most. */
 | {
    readonly kind: 'float';
    readonly layers: number;
}
/** Half way between the fewest float layers that held and the most that did not. */
 | {
    readonly kind: 'fewer';
}
/** Training from the best calibration so far, for a share of the project's iterations. */
 | {
    readonly kind: 'train';
    readonly share: number;
};
export interface AttemptDeclaration {
    /** In a few words, for tables and for Nx. */
    readonly description: string;
    readonly change: AttemptChange;
}
/**
 * The one list of attempts, from cheap to dear: Nx's targets, the order of the search and the table of its end follow from
 * it. Attempts of one rung need nothing of each other and may run at the same time; each knows the results of all rungs
 * before its own, and ends at once where one of them has held.
 */
export declare const LADDER: readonly Readonly<Record<string, AttemptDeclaration>>[];
/** By name, in the order of the table. */
export declare const ATTEMPTS: ReadonlyMap<string, AttemptDeclaration>;
export declare const ATTEMPT_NAMES: readonly string[];
/** The attempts of the rung before an attempt's own; of the first rung's none. */
export declare function attemptsJustBefore(name: string): string[];
/** The attempts of all rungs before an attempt's own. */
export declare function attemptsBefore(name: string): string[];
/** The rung's place in the ladder, from 0. */
export declare function rungOf(name: string): number;
/** In a project's output folder: a folder for each attempt, and the folder of what the search found. */
export declare const ATTEMPTS_FOLDER = "search-attempts";
export declare const SEARCH_FOLDER = "search";
/** What an attempt leaves: `RESULT_FILE` follows from its inputs, `COST_FILE` does not. */
export declare const RESULT_FILE = "attempt.json";
export declare const COST_FILE = "cost.json";
/** What the two kinds of targets are, in front of people. */
export declare const SEARCH_DESCRIPTION = "The cheapest way to the accuracy of thresholds.json, and the quant.cfg for it";
export declare const ATTEMPT_DESCRIPTION = "One attempt of a search";
//# sourceMappingURL=attempt-list.d.ts.map