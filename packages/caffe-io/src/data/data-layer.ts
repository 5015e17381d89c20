import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import type { DataParameter, LayerParameter, TransformationParameter } from '../generated/caffe.ts';
import { RecordBatchReader } from './batch-reader.ts';
import type { BatchReader } from './batch-reader.ts';
import { layerDiagnostic, reportedAt } from './data-error.ts';
import type { LayerPlace } from './data-error.ts';
import type { DataSourceOptions } from './data-source.ts';
import { LmdbRecords } from './lmdb-records.ts';
import { readMeanFile } from './mean-file.ts';
import type { MeanImage } from './mean-file.ts';
import { DataTransformer, transformProblems } from './transform.ts';
import type { RecordShape } from './transform.ts';

/**
 * Caffe's Data layer (data_layer.cpp): Datum records of an LMDB, walked in key order over and over. As in Caffe 1.0,
 * `rand_skip` and `prefetch` change nothing of what is read.
 *
 * @throws DiagnosticsError with everything that is wrong with the layer and what it names
 */
export function openDataLayer(layer: LayerParameter, options: DataSourceOptions): BatchReader {
  const place: LayerPlace = { layer: layer.name ?? '', file: options.file, line: options.line };
  const data = layer.data_param;
  const problems = checkParameters(layer, place);
  const source = problems.some((d) => d.code === 'data-backend') ? undefined : data?.source;
  const records = attempt(problems, () => {
    return source ? reportedAt(place, () => new LmdbRecords(options.resolvePath(source))) : undefined;
  });
  try {
    const meanFile = layer.transform_param?.mean_file;
    const meanImage = attempt(problems, () => {
      return meanFile ? reportedAt(place, () => readMeanFile(options.resolvePath(meanFile))) : undefined;
    });
    const first = attempt(problems, () => reportedAt(place, () => records?.datum(0)));
    const settings = transformSettings(layer.transform_param, meanImage, options);
    if (first !== undefined) {
      const found = transformProblems(settings, [first.channels, first.height, first.width]);
      problems.push(...found.map((message) => layerDiagnostic(place, 'error', 'transform', message)));
    }
    if (problems.length > 0 || records === undefined || first === undefined) throw new DiagnosticsError(problems);
    const shape: RecordShape = [first.channels, first.height, first.width];
    return new RecordBatchReader(records, new DataTransformer(settings, shape), {
      place,
      tops: layer.top,
      batchSize: data?.batch_size ?? 0,
      shape,
      diagnostics: withoutEffect(layer, place),
    });
  } catch (error) {
    records?.close();
    throw error;
  }
}

/** The result of `read`, or `undefined` and its diagnostics among the problems. */
function attempt<T>(problems: Diagnostic[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    problems.push(...error.diagnostics);
    return undefined;
  }
}

function transformSettings(
  param: TransformationParameter | undefined,
  meanImage: MeanImage | undefined,
  { phase, seed }: DataSourceOptions,
) {
  const { scale = 1, mirror = false, crop_size: cropSize = 0, mean_value: meanValues = [] } = param ?? {};
  return { phase, seed, scale, mirror, cropSize, meanImage, meanValues };
}

function checkParameters(layer: LayerParameter, place: LayerPlace): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const problem = (code: string, message: string, hint?: string) => {
    problems.push(layerDiagnostic(place, 'error', code, message, hint));
  };
  const { source, batch_size: batchSize = 0, backend }: Partial<DataParameter> = layer.data_param ?? {};
  if (!source) problem('data-source', 'data_param names no source');
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    problem('batch-size', `data_param's batch_size is ${batchSize}; it must be at least 1`);
  }
  if (backend !== 'LMDB') {
    const given = backend === undefined ? 'LEVELDB, the default where the prototxt gives none,' : backend;
    problem('data-backend', `backend ${given} is not supported yet`, 'use an LMDB and write `backend: LMDB`');
  }
  if (layer.top.length < 1 || layer.top.length > 2) {
    problem('data-tops', `a Data layer has one top or two (data, labels), not ${layer.top.length}`);
  }
  if (layer.bottom.length > 0) problem('data-bottoms', 'a Data layer has no bottoms');
  const transform = layer.transform_param;
  if (transform?.mean_file !== undefined && transform.mean_value.length > 0) {
    problem('transform', 'transform_param gives mean_file and mean_value; only one of them can be used');
  }
  return problems;
}

/** Settings that Caffe 1.0 accepts and ignores. */
function withoutEffect(layer: LayerParameter, place: LayerPlace): Diagnostic[] {
  const { data_param: data, transform_param: transform } = layer;
  const warnings: Diagnostic[] = [];
  const warn = (setting: string, hint?: string) => {
    const message = `ignored, as in Caffe: ${setting}`;
    warnings.push(layerDiagnostic(place, 'warning', 'no-effect', message, hint));
  };
  if (data?.rand_skip) warn('data_param.rand_skip');
  const moved = (['scale', 'mean_file', 'crop_size', 'mirror'] as const).filter((field) => data?.[field] !== undefined);
  for (const field of moved)
    warn(`data_param.${field}`, `write it in transform_param: transform_param { ${field}: ... }`);
  if (transform?.force_color || transform?.force_gray) {
    warn('force_color and force_gray', 'they are for encoded images');
  }
  return warnings;
}
