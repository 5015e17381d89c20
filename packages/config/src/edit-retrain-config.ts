/** Edits of a config, in either form: all that they do not touch keeps its bytes. */
import {
  appendField,
  DiagnosticsError,
  escapeString,
  findField,
  hasErrors,
  messagesOf,
  parseText,
  printText,
  removeField,
  scalarText,
  setScalar,
} from 'caffe-prototxt-parser';
import { applyEdits, modify } from 'jsonc-parser';
import { parseRetrainConfig } from './parse-retrain-config.ts';
import type { RetrainConfig } from './retrain-config.ts';

/**
 * A config that also leaves some layers float. Their overrides go, since a layer cannot be skipped and overridden; AMCT's
 * JSON config switches the layers off.
 *
 * @param layers names of layers, which need not be quantized as it is
 * @throws DiagnosticsError where the text is no config
 */
export function leaveFloat(text: string, file: string, layers: readonly string[]): string {
  return formatOf(text, file) === 'cfg'
    ? skipped(text, file, layers)
    : layers.reduce((edited, layer) => withMember(edited, [layer, 'retrain_enable'], false), text);
}

/**
 * A config whose ranges are measured on so many batches.
 *
 * @throws DiagnosticsError where the text is no config
 */
export function withBatchNum(text: string, file: string, batches: number): string {
  if (formatOf(text, file) === 'json') return withMember(text, ['batch_num'], batches);
  const { document } = parseText(text, { file });
  setScalar(document.root, 'batch_num', batches);
  return printText(document);
}

/** @throws DiagnosticsError where the text is no config */
function formatOf(text: string, file: string): RetrainConfig['format'] {
  const { config, diagnostics } = parseRetrainConfig(text, file);
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  return config.format;
}

function skipped(text: string, file: string, layers: readonly string[]): string {
  const { document } = parseText(text, { file });
  for (const override of messagesOf(document, 'override_layer_configs')) {
    const name = findField(override, 'layer_name')?.value;
    if (name?.kind === 'scalar' && layers.includes(scalarText(name) ?? '')) removeField(override);
  }
  const known = parseRetrainConfig(text, file).config.skipLayers.map(({ value }) => value);
  for (const layer of layers.filter((each) => !known.includes(each))) {
    appendField(document, `skip_layers: ${escapeString(layer, true)}`);
  }
  return printText(document);
}

function withMember(text: string, path: string[], value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions: { insertSpaces: true, tabSize: 4 } }));
}
