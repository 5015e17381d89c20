import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { LayerParameter } from '../generated/caffe.ts';
import { RecordBatchReader } from './batch-reader.ts';
import type { BatchReader, RecordSource } from './batch-reader.ts';
import { layerDiagnostic, reportedLaterAt } from './data-error.ts';
import type { LayerPlace } from './data-error.ts';
import type { DataSourceOptions } from './data-source.ts';
import { readMeanFile } from './mean-file.ts';
import type { MeanImage } from './mean-file.ts';
import type { RecordOrder } from './record-order.ts';
import { DataTransformer, transformProblems } from './transform.ts';
import type { RecordShape } from './transform.ts';

/** A data layer whose tops are records, transformed, and their labels. */
export interface RecordLayer {
  readonly place: LayerPlace;
  readonly batchSize: number;
  /** What is wrong with the layer's own parameters. */
  readonly problems: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** Absent where the parameters do not say what to open. */
  readonly open?: (() => Promise<RecordSource>) | undefined;
  readonly order: (recordCount: number) => RecordOrder;
  /** What to do about a record whose shape is not that of the first one. */
  readonly shapeHint: string;
}

/**
 * Opens the records of a layer and sets up its `transform_param`.
 *
 * @throws DiagnosticsError with everything that is wrong with the layer and what it names
 */
export async function openRecords(
  layer: LayerParameter,
  options: DataSourceOptions,
  { place, batchSize, problems: known, warnings, open, order, shapeHint }: RecordLayer,
): Promise<BatchReader> {
  const problems = [...known];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await reportedLaterAt(place, read);
    } catch (error) {
      if (!(error instanceof DiagnosticsError)) throw error;
      problems.push(...error.diagnostics);
      return undefined;
    }
  };
  const records = open && (await attempt(open));
  try {
    const meanFile = layer.transform_param?.mean_file;
    const meanImage = meanFile ? await attempt(async () => readMeanFile(options.resolvePath(meanFile))) : undefined;
    const [first] = (records && (await attempt(() => records.datums([order(records.recordCount).ordinal(0)])))) ?? [];
    const settings = transformSettings(layer, meanImage, options);
    const shape: RecordShape | undefined = first && [first.channels, first.height, first.width];
    if (shape) {
      const found = transformProblems(settings, shape);
      problems.push(...found.map((message) => layerDiagnostic(place, 'error', 'transform', message)));
    }
    if (problems.length > 0 || records === undefined || shape === undefined) throw new DiagnosticsError(problems);
    return new RecordBatchReader(records, new DataTransformer(settings, shape), {
      place,
      tops: layer.top,
      batchSize,
      order: order(records.recordCount),
      shapeHint,
      diagnostics: warnings,
    });
  } catch (error) {
    await records?.close();
    throw error;
  }
}

function transformSettings(
  { transform_param: param }: LayerParameter,
  meanImage: MeanImage | undefined,
  { phase, seed }: DataSourceOptions,
) {
  const { scale = 1, mirror = false, crop_size: cropSize = 0, mean_value: meanValues = [] } = param ?? {};
  return { phase, seed, scale, mirror, cropSize, meanImage, meanValues };
}

/** Caffe's check of a transform_param that needs no record. */
export function transformParamProblems(
  { transform_param: transform }: LayerParameter,
  place: LayerPlace,
): Diagnostic[] {
  if (transform?.mean_file === undefined || transform.mean_value.length === 0) return [];
  const message = 'transform_param gives mean_file and mean_value; only one of them can be used';
  return [layerDiagnostic(place, 'error', 'transform', message)];
}

/** A setting that Caffe 1.0 accepts and ignores. */
export function ignoredSetting(place: LayerPlace, setting: string, hint?: string): Diagnostic {
  return layerDiagnostic(place, 'warning', 'no-effect', `ignored, as in Caffe: ${setting}`, hint);
}

/** Settings of years before `transform_param`, which Caffe ignores where they were not moved there. */
export function movedSettings(
  place: LayerPlace,
  name: 'data_param' | 'image_data_param',
  param: Partial<Record<'scale' | 'mean_file' | 'crop_size' | 'mirror', unknown>> | undefined,
): Diagnostic[] {
  const moved = (['scale', 'mean_file', 'crop_size', 'mirror'] as const).filter(
    (field) => param?.[field] !== undefined,
  );
  return moved.map((field) =>
    ignoredSetting(place, `${name}.${field}`, `write it in transform_param: transform_param { ${field}: ... }`),
  );
}
