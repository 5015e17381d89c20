import type { MessageUse } from '../fields/field-use.ts';
import type { AnyLayerParameter } from '../generated/any-dialect.ts';
import type { LayerFields, LayerType, LayerTypeOf } from '../layer-type.ts';
import type { BatchReader } from './batch-reader.ts';
import type { SettingProblem } from './data-error.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import type { ListedData } from './fingerprint-list.ts';
import type { ImageSizeParam } from './image-size.ts';
import type { ImageTransform } from './image-transform.ts';

/** A path that a layer reads from disk. */
export interface DataPath {
  /** As the prototxt has it. */
  readonly path: string;
  /** It is a list of files with data. */
  readonly lists?: Pick<ListedData, 'kind' | 'rootFolder'>;
}

/**
 * A type of layer that brings data into a net, and all that is to be known of it.
 *
 * @typeParam Settings what a layer's fields say. They are parsed whatever is wrong with them, so that it can be reported at
 *   once, with what is wrong with the data.
 */
export interface DataLayerType<Settings = unknown> extends LayerType<Settings> {
  /** The message in which the prototxt has its `source`. */
  readonly param: keyof AnyLayerParameter;
  settings(layer: AnyLayerParameter): Settings;
  /** What becomes of the images that its first top holds; absent where every top is a data set of its name. */
  images?(settings: Settings): ImageSettings;
  /** What a record of a top is, in words that go on from "as", for types without `images`. Default: what the layer gives. */
  describe?(top: string): string;
  /** Records in a batch; `undefined` where the prototxt gives none. */
  batchSize(settings: Settings): number | undefined;
  /**
   * All that it reads from disk: what the data's fingerprint covers. What its `source` names comes first.
   *
   * @param isRead whether a layer of the net reads a blob, by its name
   */
  reads(settings: Settings, isRead: (blob: string) => boolean): readonly DataPath[];
  /** @throws DiagnosticsError with everything that is wrong with the layer and what it names */
  open(settings: Settings, options: DataSourceOptions): Promise<BatchReader>;
}

/** What the settings of data layers have in common. */
export interface DataSettings {
  readonly name: string;
  readonly tops: readonly string[];
  /** As the prototxt has it; absent: none. */
  readonly source: string | undefined;
  /** What keeps the layer from being read. */
  readonly problems: readonly SettingProblem[];
}

/** What a layer does to an image. */
export interface ImageSettings {
  readonly transform: ImageTransform;
  /** To which size it is resized as soon as it is read; absent: to none. */
  readonly size?: ImageSizeParam;
}

/** A type of data layer. Its settings are made of the fields that it declares, and of no other. */
export const dataLayerType = <const Use extends MessageUse, Settings>(
  type: LayerTypeOf<DataLayerType<Settings>, Use, Settings> & { settings(layer: LayerFields<Use>): Settings },
): DataLayerType<Settings> => type as DataLayerType<Settings>;

/** The path of a file or a folder, where a layer names one. */
export const dataPath = (path: string | undefined, lists?: DataPath['lists']): DataPath[] =>
  path ? [{ path, ...(lists && { lists }) }] : [];

/** What can be wrong with every data layer. */
export function sourceProblems(param: string, source: string | undefined, batchSize: number): SettingProblem[] {
  const message = `${param}'s batch_size is ${batchSize}; it must be at least 1`;
  return [
    ...(source ? [] : [{ code: 'data-source', message: `${param} names no source` }]),
    ...(Number.isInteger(batchSize) && batchSize >= 1 ? [] : [{ code: 'batch-size', message }]),
  ];
}

/** @param layer as a message calls it, "a Data layer" */
export function blobProblems(
  layer: string,
  { top = [], bottom = [] }: Pick<AnyLayerParameter, 'top' | 'bottom'>,
  [least, most]: readonly [least: number, most: number],
  expected: string,
): SettingProblem[] {
  const isFew = top.length >= least && top.length <= most;
  return [
    ...(isFew ? [] : [{ code: 'data-tops', message: `${layer} has ${expected}` }]),
    ...(bottom.length > 0 ? [{ code: 'data-bottoms', message: `${layer} has no bottoms` }] : []),
  ];
}
