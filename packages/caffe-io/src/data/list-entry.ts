/**
 * What the lines of a list name: images with their labels, or `paths` of images whose labels nobody reads, for ImageData;
 * HDF5 files, for HDF5Data.
 */
export type ListKind = 'images' | 'paths' | 'hdf5';

/** A line of a list. */
export interface ListEntry {
  /** As it stands there. */
  readonly path: string;
  /** 0 in a list of HDF5 files, and where a path stands alone. */
  readonly label: number;
  /** From 1 on; absent: it was found in a folder. */
  readonly line?: number;
}
