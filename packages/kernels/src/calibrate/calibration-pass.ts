import type { NetGraph } from '@caffe-quant/caffe-io';

import type { Shape } from '../graph/graph-builder.ts';
import type { KnownPart } from '../net/lower-net.ts';
import type { DeviceUse } from '../net/kept-checks.ts';
import { NetRunner, type RunOutput } from '../net/net-runner.ts';
import type { NetWeights } from '../net/net-params.ts';
import type { CanonicalPlan, ClipRange } from '../quantizers/canonical-plan.ts';

/** A net, and what it is calibrated on. */
export interface CalibrationData extends DeviceUse {
  /** The net whose activations are measured; TRAIN where it will be trained. */
  graph: NetGraph;
  inputShapes: ReadonlyMap<string, Shape>;
  weights: NetWeights;
  plan: CanonicalPlan;
  /** Batch `index` of the calibration data, an array per data input by name. */
  batch: (index: number) => Promise<ReadonlyMap<string, Float32Array>>;
}

/**
 * The forward pass of all calibration batches, from one quantizer's input to the next: what quantizers before it have become is
 * settled by then, so that every layer is computed once. It always halts at the same blobs, whichever of them are asked
 * for, so that their numbers do not depend on what a cache had.
 */
export class CalibrationPass {
  readonly #input: CalibrationData;
  /** Ids of the blobs to halt at, in net order. */
  readonly #halts: readonly string[];
  /** Layers that have been computed, in net order. */
  #layers = 0;
  /** Halts that have been reached. */
  #reached = 0;
  /** By batch, the blobs that are still wanted. */
  #batches: Map<string, RunOutput>[];
  /** Memory of blobs that nothing reads any more, by length: other blobs are computed into it, which new memory would take long for. */
  readonly #free = new Map<number, Float32Array[]>();

  constructor(input: CalibrationData, halts: readonly string[]) {
    this.#input = input;
    this.#halts = halts;
    this.#batches = Array.from({ length: input.plan.batchNum }, () => new Map<string, RunOutput>());
  }

  /**
   * A blob in each of the batches. Later layers read what it holds then: it may be changed. Once another is asked for, it may
   * hold anything.
   * @param clips ranges of the quantizers before it
   * @throws DiagnosticsError where what it is computed by is not finite
   */
  async outputsOf(blob: string, clips: ReadonlyMap<string, ClipRange>): Promise<RunOutput[]> {
    while (!this.#batches[0]!.has(blob)) await this.#advance(clips);
    return this.#batches.map((blobs) => blobs.get(blob)!);
  }

  /**
   * All elements of a blob over the batches, in order.
   * @throws DiagnosticsError as `outputsOf`
   */
  async valuesOf(blob: string, clips: ReadonlyMap<string, ClipRange>): Promise<Float32Array> {
    const parts = (await this.outputsOf(blob, clips)).map(({ data }) => data);
    if (parts.length === 1) return parts[0]!;
    const values = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      values.set(part, offset);
      offset += part.length;
    }
    return values;
  }

  /** Computes all batches as far as the next halt. */
  async #advance(clips: ReadonlyMap<string, ClipRange>): Promise<void> {
    const { graph, inputShapes, weights, plan, device, checks, batch } = this.#input;
    const until = this.#halts[this.#reached++]!;
    if (this.#batches[0]!.has(until)) return;
    const end = graph.layers.findIndex(({ tops }) => tops.some(({ id }) => id === until)) + 1;
    const isFirst = this.#layers === 0;
    const known: KnownPart = { layers: this.#layers, blobs: shapesOf(this.#batches[0]!) };
    const wanted = this.#wantedBehind(end);
    const outputs = wanted.filter((id) => !this.#batches[0]!.has(id));
    // The ranges are AMCT's, which are measured behind float biases.
    const floatBiases = { ...plan, int32Biases: false };
    const settings = { graph, inputShapes, weights, plan: floatBiases, clips, device, checks, outputs, until };
    const runner = await NetRunner.create({ ...settings, ...(!isFirst && { known }) });
    try {
      for (const [index, blobs] of this.#batches.entries()) {
        const data = new Map([...blobs].map(([id, { data: values }]) => [id, values]));
        const made = await runner.run(isFirst ? await batch(index) : data, (length) => this.#arrayOf(length));
        this.#batches[index] = new Map(wanted.map((id) => [id, blobs.get(id) ?? made.get(id)!]));
        for (const [id, { data: values }] of blobs) if (!wanted.includes(id)) this.#putBack(values);
      }
    } finally {
      await runner.close();
    }
    this.#layers = end;
  }

  #arrayOf(length: number): Float32Array {
    return this.#free.get(length)?.pop() ?? new Float32Array(length);
  }

  #putBack(values: Float32Array): void {
    const others = this.#free.get(values.length) ?? [];
    this.#free.set(values.length, [...others, values]);
  }

  /** Ids of the blobs that the first `end` layers make and that later layers read, or a quantizer. */
  #wantedBehind(end: number): string[] {
    const { layers } = this.#input.graph;
    const last = layers.findIndex(({ tops }) => tops.some(({ id }) => id === this.#halts.at(-1)));
    const read = new Set(layers.slice(end, last + 1).flatMap(({ bottoms }) => bottoms.map(({ id }) => id)));
    for (const halt of this.#halts.slice(this.#reached - 1)) read.add(halt);
    return layers.slice(0, end).flatMap(({ tops }) => tops.flatMap(({ id }) => (read.has(id) ? [id] : [])));
  }
}

const shapesOf = (blobs: ReadonlyMap<string, RunOutput>): Map<string, Shape> =>
  new Map([...blobs].map(([id, { shape }]) => [id, shape]));
