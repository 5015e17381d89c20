/** The config's lists as maps, so that a layer's settings are found in one step however long the lists are. */
import type { OverrideEntry, RetrainConfig, SkipEntry } from '@caffe-quant/config';

export interface ConfigIndex {
  config: RetrainConfig;
  /** First entry of each name; repetitions are reported where names are checked. */
  skipLayers: ReadonlyMap<string, SkipEntry>;
  skipTypes: ReadonlyMap<string, SkipEntry>;
  layerOverrides: ReadonlyMap<string, OverrideEntry>;
  typeOverrides: ReadonlyMap<string, OverrideEntry>;
}

export function indexConfig(config: RetrainConfig): ConfigIndex {
  return {
    config,
    skipLayers: firstOf(config.skipLayers, (entry) => entry.value),
    skipTypes: firstOf(config.skipTypes, (entry) => entry.value),
    layerOverrides: firstOf(config.layerOverrides, (entry) => entry.target.value),
    typeOverrides: firstOf(config.typeOverrides, (entry) => entry.target.value),
  };
}

function firstOf<T>(entries: readonly T[], key: (entry: T) => string): ReadonlyMap<string, T> {
  const first = new Map<string, T>();
  for (const entry of entries) if (!first.has(key(entry))) first.set(key(entry), entry);
  return first;
}
