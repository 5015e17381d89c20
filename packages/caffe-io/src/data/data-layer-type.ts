import type { LayerParameter } from '../generated/caffe.ts';
import type { LayerType } from '../layer-type.ts';
import type { BatchReader } from './batch-reader.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import type { ListedData } from './fingerprint-list.ts';

/** A path that a layer reads from disk. */
export interface DataPath {
  /** As the prototxt has it. */
  readonly path: string;
  /** It is a list of files with data. */
  readonly lists?: Pick<ListedData, 'kind' | 'rootFolder'>;
}

/** A type of layer that brings data into a net, and all that is to be known of it. */
export interface DataLayerType extends LayerType {
  /** Where the prototxt has its `source` and `batch_size`. */
  readonly param: 'data_param' | 'hdf5_data_param' | 'image_data_param';
  /** Whether its first top are images, which `transform_param` changes; else every top is a data set of its name. */
  readonly hasImages: boolean;
  /** Records in a batch; `undefined` where the prototxt gives none. */
  batchSize(layer: LayerParameter): number | undefined;
  /**
   * All that it reads from disk: what the data's fingerprint covers.
   *
   * @param isRead whether a layer of the net reads a blob, by its name
   */
  reads(layer: LayerParameter, isRead: (blob: string) => boolean): readonly DataPath[];
  /** @throws DiagnosticsError with everything that is wrong with the layer and what it names */
  open(layer: LayerParameter, options: DataSourceOptions): Promise<BatchReader>;
}

/** The path of a file or a folder, where a layer names one. */
export const dataPath = (path: string | undefined, lists?: DataPath['lists']): DataPath[] =>
  path ? [{ path, ...(lists && { lists }) }] : [];
