/** What a data source holds: equal fingerprints, equal data. No times, no absolute paths. */
export interface SourceFingerprint {
  /** By name; names are relative to the source's folder, with `/`. */
  readonly files: readonly FileFingerprint[];
  /** Records of an LMDB, lines of a list of images. */
  readonly records?: number;
}

export interface FileFingerprint {
  readonly name: string;
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** What is said of data that are here. */
export interface PresentSource {
  readonly fingerprint: SourceFingerprint;
  /** A file is a Git LFS pointer, and its digest that of what it stands for. */
  readonly isPointer: boolean;
}
