/**
 * A layer both skipped and overridden by name, or a type both skipped and overridden by type: the documentation says
 * nothing of it, so it is an error. AMCT lets the override win without a word.
 */
import type { OverrideEntry, SkipEntry } from '@caffe-quant/config';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { ConfigIndex } from './config-index.ts';
import type { Compat } from './plan.ts';
import { fileLine, place } from './wording.ts';

export function checkContradictions(index: ConfigIndex, compat: Compat): Diagnostic[] {
  if (compat === 'amct') return [];
  return [
    ...contradictions(index.skipLayers, index.layerOverrides, 'override_layer_configs'),
    ...contradictions(index.skipTypes, index.typeOverrides, 'override_layer_types'),
  ];
}

function contradictions(
  skips: ReadonlyMap<string, SkipEntry>,
  overrides: ReadonlyMap<string, OverrideEntry>,
  field: 'override_layer_configs' | 'override_layer_types',
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const [name, skip] of skips) {
    const override = overrides.get(name);
    if (!override) continue;
    const what = field === 'override_layer_configs' ? 'layer' : 'type';
    diagnostics.push({
      code: 'skipped-and-overridden',
      severity: 'error',
      message:
        `the ${what} \`${name}\` is skipped by ${skip.field} (${fileLine(skip)}) ` +
        `and overridden by ${field} (${fileLine(override.target)})`,
      ...place(override.target),
      ...(what === 'layer' && { layer: name }),
      hint: 'remove one of the two; with compat amct the override wins',
    });
  }
  return diagnostics;
}
