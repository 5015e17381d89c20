import { DiagnosticsError } from 'caffe-prototxt-parser';
import { RecordBatchReader } from './batch-reader.ts';
import type { BatchReader, RecordSource } from './batch-reader.ts';
import { layerDiagnostic, reportedLaterAt, settingDiagnostics } from './data-error.ts';
import type { LayerPlace, SettingProblem } from './data-error.ts';
import type { DataSettings } from './data-layer-type.ts';
import type { DataSourceOptions } from './data-source-options.ts';
import type { Datum } from './datum.ts';
import { preparation, type Preparation } from './image-steps.ts';
import type { ImageTransform } from './image-transform.ts';
import { ImageError } from './image/image-error.ts';
import { readMeanFile } from './mean-file.ts';
import type { MeanImage } from './mean-file.ts';
import type { RecordOrder } from './record-order.ts';
import { DataTransformer, transformProblems } from './transform.ts';
import type { RecordShape, TransformSettings } from './transform.ts';

/** What the settings of data layers whose tops are records, transformed, and their labels have in common. */
export interface RecordSettings extends DataSettings {
  readonly transform: ImageTransform;
  /** What is set and changes nothing. */
  readonly warnings: readonly SettingProblem[];
}

/** How such a layer gets its records. */
export interface RecordLayer {
  readonly batchSize: number;
  /** Absent where the settings do not say what to open. */
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
  { name, tops, transform, problems: known, warnings }: RecordSettings,
  options: DataSourceOptions,
  { batchSize, open, order, shapeHint }: RecordLayer,
): Promise<BatchReader> {
  const place: LayerPlace = { layer: name, file: options.file, line: options.line };
  const problems = settingDiagnostics(place, 'error', known);
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
    const { meanFile, steps } = transform;
    const meanImage = meanFile ? await attempt(async () => readMeanFile(options.resolvePath(meanFile))) : undefined;
    const settings = transformSettings(transform, meanImage, options);
    const prepare = steps && preparation(steps, options.seed);
    const first = records && (await attempt(() => firstRecord(records, order(records.recordCount), prepare)));
    const shape: RecordShape | undefined = first && [first.channels, first.height, first.width];
    if (shape && steps) {
      const found = transformProblems(settings, shape);
      problems.push(...found.map((message) => layerDiagnostic(place, 'error', 'transform', message)));
    }
    if (problems.length > 0 || records === undefined || shape === undefined) throw new DiagnosticsError(problems);
    return new RecordBatchReader(records, new DataTransformer(settings, shape), {
      place,
      tops,
      batchSize,
      order: order(records.recordCount),
      prepare,
      shapeHint,
      diagnostics: settingDiagnostics(place, 'warning', warnings),
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
  { scale, mirror, crop, isCropCentred, meanValues, steps }: ImageTransform,
  meanImage: MeanImage | undefined,
  { phase, seed }: DataSourceOptions,
): TransformSettings {
  const isMeanCentred = steps?.stretched !== undefined;
  return { phase, seed, scale, mirror, crop, isCropCentred, meanImage, isMeanCentred, meanValues };
}

/** What is wrong with a `transform_param` before there is a record. */
export const transformProblemsOf = ({ problems }: ImageTransform): SettingProblem[] =>
  problems.map((message) => ({ code: 'transform', message }));

/** Settings that forks read in layers with boxes alone. */
export const settingsForBoxes = ({ forBoxes }: ImageTransform): SettingProblem[] =>
  forBoxes.map((field) =>
    ignoredSetting(`transform_param.${field}`, 'it changes images in layers with boxes, such as AnnotatedData'),
  );

/** A setting that Caffe 1.0 accepts and ignores. */
export const ignoredSetting = (setting: string, hint?: string): SettingProblem => ({
  code: 'no-effect',
  message: `ignored, as in Caffe: ${setting}`,
  ...(hint !== undefined && { hint }),
});

/** Settings of years before `transform_param`, which Caffe ignores where they were not moved there. */
export function movedSettings(
  name: 'data_param' | 'image_data_param',
  param: Partial<Record<'scale' | 'mean_file' | 'crop_size' | 'mirror', unknown>> | undefined,
): SettingProblem[] {
  const moved = (['scale', 'mean_file', 'crop_size', 'mirror'] as const).filter(
    (field) => param?.[field] !== undefined,
  );
  return moved.map((field) =>
    ignoredSetting(`${name}.${field}`, `write it in transform_param: transform_param { ${field}: ... }`),
  );
}
