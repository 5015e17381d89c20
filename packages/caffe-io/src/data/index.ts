export type { BatchReader } from './batch-reader.ts';
export { dataLayerType } from './data-layer-type.ts';
export type { DataLayerType, DataPath, ImageSettings } from './data-layer-type.ts';
export { DATA_LAYERS, openDataSource, unsupportedDataLayer } from './data-source.ts';
export type { DataSourceOptions } from './data-source.ts';
export { describePreparation } from './describe-preparation.ts';
export type { PreparationDescription } from './describe-preparation.ts';
export { decodeDatum } from './datum.ts';
export type { Datum } from './datum.ts';
export { LmdbReader } from './lmdb.ts';
export type { LmdbRecord } from './lmdb.ts';
export { readMeanFile } from './mean-file.ts';
export type { MeanImage } from './mean-file.ts';
export type { RecordShape } from './transform.ts';
export { readDataLock, writeDataLock } from './data-lock.ts';
export type { DataLock } from './data-lock.ts';
export { digestFile } from './digest-file.ts';
export type { DigestOptions, FileDigest } from './digest-file.ts';
export { fingerprintSource, fingerprintSources, isDataPresent } from './fingerprint.ts';
export type { ListedData } from './fingerprint-list.ts';
export type {
  DataSource,
  FileFingerprint,
  FingerprintOptions,
  SourceFingerprint,
  SourceFingerprints,
} from './fingerprint.ts';
