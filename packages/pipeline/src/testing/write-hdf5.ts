import { loadHdf5 } from '../../../caffe-io/src/hdf5/load-hdf5.ts';

/** Writes an HDF5 file; the time in it is always the same, so equal data sets make equal files. */
export async function writeHdf5(
  path: string,
  content: Readonly<Record<string, { readonly data: Float32Array; readonly shape: number[] }>>,
): Promise<void> {
  const { File } = await loadHdf5();
  const file = new File(path, 'w', { libver: ['earliest', 'v108'] });
  for (const [name, { data, shape }] of Object.entries(content)) file.create_dataset({ name, data, shape });
  file.close();
}
