/** One attempt of a search, as it is shown. */
export interface SearchRow {
  attempt: string;
  /** What was measured; absent where nothing was. */
  measured?: {
    /** The metric that is missed by most, or held by least. */
    metric: string;
    isAccuracy: boolean;
    integer: number;
    /** Absent where the metric itself compares with the float net. */
    float?: number;
    /** How much better than the limit, in the limit's unit; below 0: the limit is missed. */
    margin: number;
    holds: boolean;
    iterations: number;
  };
  /** Layers left float besides those of the config. */
  floatLayers: readonly string[];
  seconds: number;
  /** Why it was not tried, or what was wrong. */
  reason?: string;
  isTried: boolean;
}
/**
 * What was tried and what it cost, as plain text of at most 110 columns: a row for each attempt that was measured, the layers
 * that it left float, then what was refused, and what was not tried and why.
 *
 * @returns lines, each ended by a newline
 */
export declare function formatSearch(rows: readonly SearchRow[]): string;
//# sourceMappingURL=search-table.d.ts.map
