import type { NetGraph } from '@caffe-quant/caffe-io';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';
import type { ApVersion } from '../evaluate/average-precision.ts';
import { evaluate, netRunnerFactory } from '../evaluate/evaluate.ts';
import { MetricSums, netMetrics } from '../evaluate/metrics.ts';
import { OutputNoise } from '../evaluate/output-noise.ts';
import { computedOutputs } from '../net/computed-outputs.ts';
import type { NetData } from '../net/net-data.ts';
import type { DeviceUse } from '../net/kept-checks.ts';
import type { NetWeights } from '../net/net-params.ts';
import { NetRunner } from '../net/net-runner.ts';

export interface TestPassOptions extends DeviceUse {
  /** The TEST net. */
  graph: NetGraph;
  data: Pick<NetData, 'batchSize' | 'recordCount' | 'inputShapes' | 'records' | 'batch'>;
  /** Batches a test: the solver's `test_iter`. Absent: all records, each once. */
  batches?: number | undefined;
  /** Absent: the float net is tested. */
  plan?: CanonicalPlan;
  /** How average precision is taken; default: `Integral`. */
  apVersion?: ApVersion | undefined;
  /** The weights of the float net, where the outputs are to be held against its own: they give further metrics. */
  reference?: NetWeights | undefined;
}

/**
 * The tests that a solver makes while it trains (`test_interval`). Test `index` takes the `test_iter` batches that
 * follow on those of the test before, as Caffe's data layer goes on where it stopped, and gives the mean over the
 * batches. The net is lowered once for all tests.
 */
export class TestPass {
  private readonly options: TestPassOptions;
  private runner: NetRunner | undefined;
  private float: NetRunner | undefined;

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
    const { graph, batches, plan, device, checks, apVersion, reference } = this.options;
    const data = interruptible(this.options.data, signal);
    const quantized = plan ? { plan, clips } : {};
    if (batches === undefined) {
      const createRunner = netRunnerFactory(graph, weights, { ...quantized, device, checks });
      const float = reference && netRunnerFactory(graph, reference, { device, checks });
      return (await evaluate(graph, data, createRunner, { apVersion, reference: float })).metrics;
    }
    const metrics = netMetrics(graph);
    const compared = reference ? computedOutputs(graph).map(({ id }) => id) : [];
    const outputs = [...new Set([...metrics.map(({ blob }) => blob), ...compared])];
    const net = { graph, device, checks, inputShapes: data.inputShapes() };
    this.runner ??= await NetRunner.create({ ...net, weights, outputs, ...quantized });
    if (reference) this.float ??= await NetRunner.create({ ...net, weights: reference, outputs: compared });
    this.runner.load(weights, clips);
    const sums = new MetricSums(metrics, apVersion);
    const noise = new OutputNoise(compared);
    for (let i = 0; i < batches; i++) {
      const batch = await data.batch(index * batches + i);
      const blobs = await this.runner.run(batch);
      sums.add(blobs, 1);
      if (this.float) noise.add(await this.float.run(batch), blobs);
    }
    return { ...sums.values(), ...noise.ratios() };
  }

  async close(): Promise<void> {
    await this.runner?.close();
    await this.float?.close();
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
