import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { LayerParameter } from '../generated/caffe.ts';
import { RecordBatchReader } from './batch-reader.ts';
import type { BatchReader, RecordSource } from './batch-reader.ts';
import { layerDiagnostic, reportedLaterAt } from './data-error.ts';
import type { LayerPlace } from './data-error.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import type { Datum } from './datum.ts';
import { preparation, type Preparation, stepProblems } from './image-steps.ts';
import { ImageError } from './image/image-error.ts';
import { readMeanFile } from './mean-file.ts';
import type { MeanImage } from './mean-file.ts';
import type { RecordOrder } from './record-order.ts';
import { DataTransformer, transformProblems } from './transform.ts';
import type { RecordShape, TransformSettings } from './transform.ts';
import { FIELDS_FOR_BOXES } from './transform-fields.ts';
import { isStretched } from './random-stretch.ts';
import { cropOf, cropProblem, type TransformParam } from './transform-param.ts';

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
    const settings = transformSettings(layer, meanImage, options);
    const param: TransformParam = layer.transform_param ?? {};
    const canPrepare = stepProblems(param).length === 0;
    const prepare = canPrepare ? preparation(param, options.seed) : undefined;
    const first = records && (await attempt(() => firstRecord(records, order(records.recordCount), prepare)));
    const shape: RecordShape | undefined = first && [first.channels, first.height, first.width];
    if (shape && canPrepare) {
      const found = transformProblems(settings, shape);
      problems.push(...found.map((message) => layerDiagnostic(place, 'error', 'transform', message)));
    }
    if (problems.length > 0 || records === undefined || shape === undefined) throw new DiagnosticsError(problems);
    return new RecordBatchReader(records, new DataTransformer(settings, shape), {
      place,
      tops: layer.top,
      batchSize,
      order: order(records.recordCount),
      prepare,
      shapeHint,
      diagnostics: warnings,
    });
  } catch (error) {
    await records?.close();
    throw error;
  }
}

/** It decides the shape of all. */
async function firstRecord(
  records: RecordSource,
  order: RecordOrder,
  prepare: Preparation | undefined,
): Promise<Datum> {
  const ordinal = order.ordinal(0);
  const [record] = await records.datums([ordinal]);
  try {
    return prepare === undefined ? record! : prepare(record!, 0);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new DiagnosticsError([
      { code: 'datum-shape', severity: 'error', message: `${records.describe(ordinal)} ${error.message}` },
    ]);
  }
}

function transformSettings(
  { transform_param }: LayerParameter,
  meanImage: MeanImage | undefined,
  { phase, seed }: DataSourceOptions,
): TransformSettings {
  const param: TransformParam = transform_param ?? {};
  const { scale = 1, mirror = false, mean_value: meanValues = [], center_crop: isCropCentred = false } = param;
  const isMeanCentred = isStretched(param);
  return { phase, seed, scale, mirror, crop: cropOf(param), isCropCentred, meanImage, isMeanCentred, meanValues };
}

/** Checks of a transform_param that need no record. */
export function transformParamProblems({ transform_param }: LayerParameter, place: LayerPlace): Diagnostic[] {
  const param: TransformParam = transform_param ?? {};
  const problems = [
    ...(param.mean_file !== undefined && param.mean_value?.length
      ? ['transform_param gives mean_file and mean_value; only one of them can be used']
      : []),
    ...[cropProblem(param)].filter((problem) => problem !== undefined),
    ...stepProblems(param),
  ];
  return problems.map((message) => layerDiagnostic(place, 'error', 'transform', message));
}

/** Settings that forks read in layers with boxes alone. */
export function settingsForBoxes({ transform_param }: LayerParameter, place: LayerPlace): Diagnostic[] {
  const param: TransformParam = transform_param ?? {};
  return FIELDS_FOR_BOXES.filter((field) => param[field] !== undefined).map((field) =>
    ignoredSetting(place, `transform_param.${field}`, 'it changes images in layers with boxes, such as AnnotatedData'),
  );
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
