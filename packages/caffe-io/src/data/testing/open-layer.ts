import { join } from 'node:path';
import { readNetText } from '../../read-net-text.ts';
import type { BatchReader } from '../batch-reader.ts';
import type { DataSourceOptions } from '../data-source-options.ts';
import { openDataSource } from '../data-source.ts';

/** Where `openLayer` says that the layer stands. */
export const PLACE = { file: 'train_val.prototxt', line: 7 };

/** Opens the data layer of a prototxt; its paths are taken from `folder`. */
export async function openLayer(
  text: string,
  folder: string,
  options: Partial<DataSourceOptions> = {},
): Promise<BatchReader> {
  const [layer] = readNetText(text, PLACE.file).net.layer;
  const resolvePath = (path: string) => join(folder, path);
  return openDataSource(layer!, { phase: 'TEST', seed: 1, resolvePath, folders: [folder], ...PLACE, ...options });
}
