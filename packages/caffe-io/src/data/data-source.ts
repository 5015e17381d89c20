import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { LayerParameter } from '../generated/caffe.ts';
import { settingsOf } from '../layer-type.ts';
import type { BatchReader } from './batch-reader.ts';
import { layerDiagnostic } from './data-error.ts';
import type { DataLayerType } from './data-layer-type.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import { dataLayer } from './data-layer.ts';
import { hdf5DataLayer } from './hdf5-data-layer.ts';
import { imageDataLayer } from './image-data-layer.ts';

/** The layers that bring data into a net and can be read, by their types. */
export const DATA_LAYERS: ReadonlyMap<string, DataLayerType> = new Map(
  [dataLayer, hdf5DataLayer, imageDataLayer].map((layer: DataLayerType) => [layer.type, layer]),
);

/** What to do about the data layers of Caffe and its forks that cannot be read. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  AnnotatedData:
    'SSD’s LMDBs hold AnnotatedDatum: write each image as a row of HDF5 files, its boxes as a row [1, boxes, 8] of ' +
    'the layer’s labels, filled up with boxes of image -1, and read them by HDF5Data with batch_size: 1',
  WindowData: 'write the windows, cropped and resized, as image files with their labels and read them by ImageData',
  MemoryData: 'its data come from a program: write them into HDF5 files and read them by HDF5Data',
  Input: 'an Input layer is for deployment: give the train_val prototxt',
  Python: 'its data come from a program: write them into HDF5 files and read them by HDF5Data',
};

/** What is said of a layer type that cannot be read as data. */
export function unsupportedDataLayer(type: string): { readonly message: string; readonly hint: string } {
  const supported = `supported: ${[...DATA_LAYERS.keys()].join(', ')}`;
  const wayOut = Object.hasOwn(WAYS_OUT, type) ? WAYS_OUT[type] : undefined;
  const message = `layers of type '${type}' are not supported as the source of data`;
  return { message, hint: wayOut === undefined ? supported : `${wayOut}; ${supported}` };
}

/**
 * Opens the data that a data layer names.
 *
 * @throws DiagnosticsError at the layer's file and line, with all that is wrong with it
 */
export async function openDataSource(layer: LayerParameter, options: DataSourceOptions): Promise<BatchReader> {
  const { type = '', name = '' } = layer;
  const known = DATA_LAYERS.get(type);
  if (known !== undefined) return known.open(settingsOf(known, layer), options);
  const { message, hint } = unsupportedDataLayer(type);
  const place = { layer: name, file: options.file, line: options.line };
  throw new DiagnosticsError([layerDiagnostic(place, 'error', 'data-layer-type', message, hint)]);
}
