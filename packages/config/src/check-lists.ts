/** Names that are listed twice, and overrides that say nothing. */
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { Location, OverrideEntry, RetrainConfig } from './retrain-config.ts';

export function checkLists(config: RetrainConfig): Diagnostic[] {
  return [
    ...skippedTwice(config),
    ...overriddenTwice(config.layerOverrides, 'override_layer_configs'),
    ...overriddenTwice(config.typeOverrides, 'override_layer_types'),
    ...saysNothing(config.layerOverrides, 'override_layer_configs'),
    ...saysNothing(config.typeOverrides, 'override_layer_types'),
  ];
}

/** A name twice in one list: AMCT drops the second with a warning. */
function skippedTwice({ skipLayers, skipTypes }: RetrainConfig): Diagnostic[] {
  return repeated([...skipLayers, ...skipTypes], (entry) => `${entry.field} ${entry.value}`).map(([first, again]) => ({
    code: 'skipped-twice',
    severity: 'warning',
    message: `${first.field} names \`${again.value}\` twice, first on line ${first.line}`,
    ...place(again),
    hint: 'remove one of the two',
  }));
}

/** Two overrides for one name: which one counts is anybody's guess. */
function overriddenTwice(entries: readonly OverrideEntry[], field: string): Diagnostic[] {
  return repeated(entries, (entry) => entry.target.value).map(([first, again]) => ({
    code: 'overridden-twice',
    severity: 'error',
    message: `${field} names \`${again.target.value}\` twice, first on line ${first.target.line}`,
    ...place(again.target),
    hint: 'merge the two into one',
  }));
}

function saysNothing(entries: readonly OverrideEntry[], field: string): Diagnostic[] {
  return entries
    .filter(({ data, weight }) => !data && !weight)
    .map((entry) => ({
      code: 'override-says-nothing',
      severity: 'warning',
      message: `${field} for \`${entry.target.value}\` gives neither a data half nor a weight half`,
      ...place(entry.target),
      hint: 'give retrain_data_quant_config or retrain_weight_quant_config, or remove the entry',
    }));
}

/** Each repetition with the first occurrence. */
function repeated<T>(entries: readonly T[], key: (entry: T) => string): [T, T][] {
  const first = new Map<string, T>();
  const pairs: [T, T][] = [];
  for (const entry of entries) {
    const known = first.get(key(entry));
    if (known) pairs.push([known, entry]);
    else first.set(key(entry), entry);
  }
  return pairs;
}

function place({ file, line, column }: Location): Location {
  return { file, line, column };
}
