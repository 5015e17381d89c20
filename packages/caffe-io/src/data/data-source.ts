import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { LayerParameter } from '../generated/caffe.ts';
import type { BatchReader } from './batch-reader.ts';
import { layerDiagnostic } from './data-error.ts';
import { openDataLayer } from './data-layer.ts';

export interface DataSourceOptions {
  /** Decides where a crop is taken from. */
  readonly phase: 'TRAIN' | 'TEST';
  /** Turns a path as the prototxt gives it into one that can be opened; may throw a DiagnosticsError of its own. */
  readonly resolvePath: (path: string) => string;
  /** Of random crops and flips; any integer. */
  readonly seed: number;
  /** The prototxt and the line of the layer, for diagnostics. */
  readonly file: string;
  readonly line?: number | undefined;
}

/** Opens the data of one layer type, which is checked by it; the one registry of data layers. */
const OPENERS: Readonly<Record<string, (layer: LayerParameter, options: DataSourceOptions) => BatchReader>> = {
  Data: openDataLayer,
};

/** Caffe's other layers that bring data into a net. */
const KNOWN = [
  'AnnotatedData',
  'DummyData',
  'HDF5Data',
  'ImageData',
  'Input',
  'MemoryData',
  'Python',
  'VideoData',
  'WindowData',
];

/**
 * Opens the data that a data layer names.
 *
 * @throws DiagnosticsError at the layer's file and line, with all that is wrong with it
 */
export async function openDataSource(layer: LayerParameter, options: DataSourceOptions): Promise<BatchReader> {
  const { type = '', name = '' } = layer;
  const open = Object.hasOwn(OPENERS, type) ? OPENERS[type] : undefined;
  if (open !== undefined) return open(layer, options);
  const message = KNOWN.includes(type)
    ? `data layers of type '${type}' are not supported yet`
    : `type '${type}' is no data layer`;
  const supported = Object.keys(OPENERS).map((supportedType) => `'${supportedType}' with backend: LMDB`);
  const place = { layer: name, file: options.file, line: options.line };
  throw new DiagnosticsError([
    layerDiagnostic(place, 'error', 'data-layer-type', message, `supported: ${supported.join(', ')}`),
  ]);
}
