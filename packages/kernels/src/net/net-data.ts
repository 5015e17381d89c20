import { isRead, openDataSource, type BatchReader, type NetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import type { Shape } from '../graph/graph-builder.ts';
import { isDataLayer } from '../layers/registry.ts';

export interface NetDataOptions {
  /** Turns a path as the prototxt gives it into one that can be opened. */
  resolvePath: (path: string) => string;
  /** Where relative paths in a list of files may begin; the list's own folder comes last. */
  folders?: readonly string[];
  /** Of random crops, flips and shuffles. */
  seed: number;
  /** The net whose layers read the data; default: that which has the data layers. */
  reader?: NetGraph;
}

/** An array per top of the data layers, by name. */
export type Batch = ReadonlyMap<string, Float32Array>;

/** The data of all data layers of a net, batch by batch. */
export class NetData {
  readonly diagnostics: readonly Diagnostic[];
  private readonly readers: readonly BatchReader[];

  private constructor(readers: readonly BatchReader[]) {
    this.readers = readers;
    this.diagnostics = readers.flatMap((reader) => reader.diagnostics);
  }

  /** @throws DiagnosticsError with the data layers that cannot be opened. */
  static async open(graph: NetGraph, options: NetDataOptions): Promise<NetData> {
    const readers: BatchReader[] = [];
    const problems: Diagnostic[] = [];
    const { reader = graph, ...how } = options;
    const reads = (blob: string) => isRead(reader, blob);
    for (const layer of graph.layers.filter(isDataLayer)) {
      try {
        const { file, phase } = graph;
        readers.push(await openDataSource(layer.param, { ...how, reads, phase, file, line: layer.line }));
      } catch (error) {
        if (!(error instanceof DiagnosticsError)) throw error;
        problems.push(...error.diagnostics);
      }
    }
    if (problems.length === 0 && readers.length === 0) {
      problems.push({
        code: 'no-data-layer',
        severity: 'error',
        message: `the ${graph.phase} net has no data layer`,
        file: graph.file,
        hint: `add a Data layer with include { phase: ${graph.phase} }`,
      });
    }
    if (problems.length > 0) {
      await closeAll(readers);
      throw new DiagnosticsError(problems);
    }
    return new NetData(readers);
  }

  /** Images in a batch of the first data layer. */
  get batchSize(): number {
    return this.readers[0]!.batchSize;
  }

  /** Records of the smallest data set. */
  get recordCount(): number {
    return Math.min(...this.readers.map((reader) => reader.recordCount));
  }

  /** Shapes of the data layers' tops, by name; at their own batch sizes unless `size` is given. */
  inputShapes(size?: number): Map<string, Shape> {
    const tops = this.readers.flatMap((reader) => reader.tops);
    return new Map(tops.map(({ name, shape }) => [name, size === undefined ? shape : [size, ...shape.slice(1)]]));
  }

  /** Batch `index` as Caffe walks the data: the first record follows the last. */
  batch(index: number): Promise<Batch> {
    return this.collect((reader) => reader.batch(index));
  }

  /** The records from `start` on, each once. */
  records(start: number, count: number): Promise<Batch> {
    return this.collect((reader) => reader.records(start, count));
  }

  close(): Promise<void> {
    return closeAll(this.readers);
  }

  private async collect(read: (reader: BatchReader) => Promise<Float32Array[]>): Promise<Batch> {
    const batch = new Map<string, Float32Array>();
    for (const reader of this.readers) {
      const arrays = await read(reader);
      reader.tops.forEach(({ name }, i) => batch.set(name, arrays[i]!));
    }
    return batch;
  }
}

async function closeAll(readers: readonly BatchReader[]): Promise<void> {
  await Promise.all(readers.map((reader) => reader.close()));
}
