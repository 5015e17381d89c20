import type { RunOutput } from '../net/net-runner.ts';
import { MetricSums, type NetMetric } from './metrics.ts';

/** Metrics of a part of the records. */
export interface GroupMetrics {
  records: number;
  /** Means over these records, by the names of the net's metrics. */
  metrics: Record<string, number>;
}

/** More groups than this say no more of how metrics scatter. */
const MOST_GROUPS = 100;

/** The metrics that are means, of groups of successive batches: from them it can be told how far chance goes. */
export class RecordGroups {
  readonly #batches: number;
  readonly #metrics: readonly NetMetric[];
  readonly #groups: { records: number; sums: MetricSums }[] = [];

  /** @param batches how many there will be */
  constructor(metrics: readonly NetMetric[], batches: number) {
    this.#batches = batches;
    this.#metrics = metrics.filter(({ kind }) => kind === 'mean');
  }

  /** Adds batch `index`, of so many records. */
  add(index: number, blobs: ReadonlyMap<string, RunOutput>, records: number): void {
    const place = Math.floor((index * Math.min(MOST_GROUPS, this.#batches)) / this.#batches);
    const group = (this.#groups[place] ??= { records: 0, sums: new MetricSums(this.#metrics) });
    group.records += records;
    group.sums.add(blobs, records);
  }

  values(): GroupMetrics[] {
    return this.#groups.map(({ records, sums }) => ({ records, metrics: sums.values() }));
  }
}
