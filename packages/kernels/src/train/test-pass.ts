import type { NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import type { ApVersion } from '../evaluate/average-precision.ts';
import { evaluate, netRunnerFactory } from '../evaluate/evaluate.ts';
import { MetricSums, netMetrics } from '../evaluate/metrics.ts';
import type { Device } from '../graph/device.ts';
import type { NetData } from '../net/net-data.ts';
import type { NetWeights } from '../net/net-params.ts';
import { NetRunner } from '../net/net-runner.ts';

export interface TestPassOptions {
  /** The TEST net. */
  graph: NetGraph;
  data: Pick<NetData, 'batchSize' | 'recordCount' | 'inputShapes' | 'records' | 'batch'>;
  /** Batches a test: the solver's `test_iter`. Absent: all records, each once. */
  batches?: number | undefined;
  /** Absent: the float net is tested. */
  plan?: CanonicalPlan;
  device?: Device | undefined;
  /** How average precision is taken; default: `Integral`. */
  apVersion?: ApVersion | undefined;
}

/**
 * The tests that a solver makes while it trains (`test_interval`). Test `index` takes the `test_iter` batches that
 * follow on those of the test before, as Caffe's data layer goes on where it stopped, and gives the mean over the
 * batches. The net is lowered once for all tests.
 */
export class TestPass {
  private readonly options: TestPassOptions;
  private runner: NetRunner | undefined;

  constructor(options: TestPassOptions) {
    this.options = options;
  }

  /**
   * @param signal ends the test between two batches
   * @returns the metrics by name
   */
  async run(
    index: number,
    weights: NetWeights,
    clips: ReadonlyMap<string, ClipRange>,
    signal?: AbortSignal,
  ): Promise<Record<string, number>> {
    const { graph, batches, plan, device, apVersion } = this.options;
    const data = interruptible(this.options.data, signal);
    const quantized = plan ? { plan, clips } : {};
    if (batches === undefined) {
      const createRunner = netRunnerFactory(graph, weights, { ...quantized, device });
      return (await evaluate(graph, data, createRunner, { apVersion })).metrics;
    }
    const metrics = netMetrics(graph);
    const outputs = [...new Set(metrics.map(({ blob }) => blob))];
    this.runner ??= await NetRunner.create({
      ...{ graph, weights, outputs, device },
      inputShapes: data.inputShapes(),
      ...quantized,
    });
    this.runner.load(weights, clips);
    const sums = new MetricSums(metrics, apVersion);
    for (let i = 0; i < batches; i++) sums.add(await this.runner.run(await data.batch(index * batches + i)), 1);
    return sums.values();
  }

  async close(): Promise<void> {
    await this.runner?.close();
  }
}

function interruptible(data: TestPassOptions['data'], signal: AbortSignal | undefined): TestPassOptions['data'] {
  return {
    batchSize: data.batchSize,
    recordCount: data.recordCount,
    inputShapes: (size) => data.inputShapes(size),
    records(start, count) {
      signal?.throwIfAborted();
      return data.records(start, count);
    },
    batch(index) {
      signal?.throwIfAborted();
      return data.batch(index);
    },
  };
}
