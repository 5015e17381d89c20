import { parseRetrainConfig } from '@caffe-quant/config';
import type { Compat } from '@caffe-quant/resolver';
import { resolvePlan } from '@caffe-quant/resolver';
import type { Diagnostic, MessageNode } from 'caffe-prototxt-parser';
import {
  appendField,
  DiagnosticsError,
  findField,
  formatFloat,
  hasErrors,
  messagesOf,
  parseText,
  printText,
  removeField,
  scalarText,
  setScalar,
  escapeString,
} from 'caffe-prototxt-parser';
import type { NamedText } from './net-of-text.ts';
import { netOfText } from './net-of-text.ts';

/** What one layer, or all layers of a type, should have of their own. What is absent stays as it is. */
export interface Override {
  readonly layer?: string;
  /** Instead of `layer`. */
  readonly layerType?: string;
  /** Where the clip range starts; with `clipMin`. */
  readonly clipMax?: number;
  readonly clipMin?: number;
  /** Whether IFMR measures where the clip range starts. */
  readonly ifmr?: boolean;
  readonly fixedMin?: boolean;
  readonly channelWise?: boolean;
}

/**
 * Adds an override to a quant.cfg, or sets the values in the one that is there. All else keeps its bytes.
 *
 * @returns the new text, and the warnings that it has and the old text had not
 * @throws DiagnosticsError where the request or one of the files is wrong, or the result does not fit the net
 */
export function addOverride(
  config: NamedText,
  net: NamedText,
  override: Override,
  compat: Compat = 'documented',
): { text: string; diagnostics: readonly Diagnostic[] } {
  checkRequest(override);
  const { document, diagnostics } = parseText(config.text, { file: config.file });
  if (hasErrors(diagnostics)) throw new DiagnosticsError(diagnostics);
  const [list, nameField, name] =
    override.layer === undefined
      ? ['override_layer_types', 'layer_type', override.layerType ?? '']
      : ['override_layer_configs', 'layer_name', override.layer];
  const known = messagesOf(document, list).filter((entry) => textOf(entry, nameField) === name);
  const entry =
    known.at(-1) ?? messageIn(appendField(document, `${list}: {\n  ${nameField}: ${escapeString(name, true)}\n}`)[0]);
  setData(entry, override);
  if (override.channelWise !== undefined) {
    setScalar(within(entry, 'retrain_weight_quant_config', 'arq_retrain'), 'channel_wise', override.channelWise);
  }
  const text = printText(document);
  const findings = check({ file: config.file, text }, net, compat);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new DiagnosticsError(errors);
  const before = new Set(check(config, net, compat).map(({ message }) => message));
  return {
    text,
    diagnostics: findings.filter(({ severity, message }) => severity === 'warning' && !before.has(message)),
  };
}

function checkRequest({ layer, layerType, clipMax, clipMin, ifmr, fixedMin, channelWise }: Override): void {
  const problems: string[] = [];
  if ((layer === undefined) === (layerType === undefined)) problems.push('give either a layer or a layerType');
  if ((clipMax === undefined) !== (clipMin === undefined)) problems.push('clipMax and clipMin go together');
  if (ifmr === true && clipMax !== undefined) problems.push('give either a clip range or ifmr');
  if ([clipMax, ifmr, fixedMin, channelWise].every((value) => value === undefined)) {
    problems.push('give what should differ: clipMax and clipMin, ifmr, fixedMin or channelWise');
  }
  if (problems.length === 0) return;
  throw new DiagnosticsError(problems.map((message) => ({ code: 'override-request', severity: 'error', message })));
}

function setData(entry: MessageNode, { clipMax, clipMin, ifmr, fixedMin }: Override): void {
  if (clipMax === undefined && ifmr === undefined && fixedMin === undefined) return;
  const data = within(entry, 'retrain_data_quant_config', 'ulq_quantize');
  if (ifmr === true) {
    const range = findField(data, 'clip_max_min');
    if (range !== undefined) removeField(range);
  }
  if (clipMax !== undefined && clipMin !== undefined) {
    const range = findField(data, 'clip_max_min')?.value;
    if (range?.kind === 'message') {
      setScalar(range, 'clip_max', clipMax);
      setScalar(range, 'clip_min', clipMin);
    } else {
      const numbers = `clip_max: ${decimal(clipMax)} clip_min: ${decimal(clipMin)}`;
      appendField(data, `clip_max_min: { ${numbers} }`);
    }
  }
  if (fixedMin !== undefined) setScalar(data, 'fixed_min', fixedMin);
}

/** The message at the end of a path of fields, made where it is not there. */
function within(entry: MessageNode, ...path: string[]): MessageNode {
  return path.reduce((message, name) => {
    const found = messagesOf(message, name).at(-1);
    return found ?? messageIn(appendField(message, `${name}: { }`)[0]);
  }, entry);
}

function messageIn(field: ReturnType<typeof appendField>[number] | undefined): MessageNode {
  if (field?.value.kind !== 'message') throw new Error('the added field holds no message');
  return field.value;
}

function textOf(message: MessageNode, name: string): string | undefined {
  const value = findField(message, name)?.value;
  return value?.kind === 'scalar' ? scalarText(value) : undefined;
}

function decimal(value: number): string {
  return formatFloat(Math.fround(value));
}

function check(config: NamedText, netText: NamedText, compat: Compat): readonly Diagnostic[] {
  const parsed = parseRetrainConfig(config.text, config.file);
  if (hasErrors(parsed.diagnostics)) return parsed.diagnostics;
  const { train, test } = netOfText(netText);
  return resolvePlan({ train, test, config: parsed.config, compat }).diagnostics;
}
