/** Every name that the config mentions, held against the net: unknown ones, and those that cannot be quantized. */
import { DEPTHWISE_TYPES } from '@caffe-quant/kernels/layer-types';
import type { OverrideEntry, RetrainConfig, SkipEntry } from '@caffe-quant/config';
import { nearest } from 'caffe-prototxt-parser';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { CAFFE_LAYER_TYPES } from './caffe-layer-types.ts';
import type { NetLayer } from './net-layers.ts';
import type { Compat } from './plan.ts';
import { quantizableTypes } from './quantizable.ts';
import { namesOf, place } from './wording.ts';

export interface NamesInput {
  layers: readonly NetLayer[];
  config: RetrainConfig;
  compat: Compat;
  net: { name: string; file: string };
}

export function checkNames(input: NamesInput): Diagnostic[] {
  const { layers, config, compat, net } = input;
  const byName = new Map(layers.map((entry) => [entry.layer.name, entry]));
  const typesInNet = new Set(layers.map((entry) => entry.layer.type));
  const quantizable = layers.filter((entry) => entry.whyNot === undefined).map((entry) => entry.layer.name);
  const names: Names = { byName, typesInNet, quantizable, compat, net, types: quantizableTypes(compat) };
  return [
    ...config.skipLayers.flatMap((entry) => checkSkippedLayer(entry, names)),
    ...config.skipTypes.flatMap((entry) => checkSkippedType(entry, names)),
    ...config.layerOverrides.flatMap((entry) => checkOverriddenLayer(entry, config, names)),
    ...config.typeOverrides.flatMap((entry) => checkOverriddenType(entry, names)),
  ];
}

interface Names {
  byName: ReadonlyMap<string, NetLayer>;
  typesInNet: ReadonlySet<string>;
  quantizable: readonly string[];
  types: readonly string[];
  compat: Compat;
  net: { name: string; file: string };
}

function checkSkippedLayer(entry: SkipEntry, names: Names): Diagnostic[] {
  const found = names.byName.get(entry.value);
  if (!found) return [unknownLayer(entry, `${entry.field} names \`${entry.value}\``, names.byName.keys(), names)];
  if (found.whyNot === undefined) return [];
  // The list `skip_layers` serves every feature of AMCT, so it may name any layer; AMCT itself refuses that, too.
  const strict = entry.field === 'quant_skip_layers' || names.compat === 'amct';
  return [
    {
      code: 'skip-of-unquantizable-layer',
      severity: strict && found.onlyIn === undefined ? 'error' : 'warning',
      message: `${entry.field} names a layer that is not quantized anyway: ${found.whyNot}`,
      ...place(entry),
      layer: entry.value,
      hint: 'remove the name from the list',
    },
  ];
}

function checkSkippedType(entry: SkipEntry, names: Names): Diagnostic[] {
  const { value: type, field } = entry;
  if (names.types.includes(type)) {
    if (!names.typesInNet.has(type)) return [noSuchTypeInNet(entry, `${field} names \`${type}\``, names)];
    return [
      {
        code: 'skip-by-type',
        severity: 'info',
        message: `${field} "${type}" takes effect here, while AMCT's Caffe documentation calls it not yet supported`,
        ...place(entry),
      },
    ];
  }
  if (!isKnownType(type, names)) return [unknownType(entry, `${field} names \`${type}\``, names)];
  return [
    {
      code: 'skip-of-unquantizable-type',
      severity: field === 'quant_skip_types' || names.compat === 'amct' ? 'error' : 'warning',
      message: `${field} names the type \`${type}\`, which is not quantized anyway`,
      ...place(entry),
      hint: `remove it from the list; types that are quantized: ${names.types.join(', ')}`,
    },
  ];
}

function checkOverriddenLayer(entry: OverrideEntry, config: RetrainConfig, names: Names): Diagnostic[] {
  const { target } = entry;
  const subject =
    config.format === 'json'
      ? `the config lists \`${target.value}\``
      : `override_layer_configs names \`${target.value}\``;
  const found = names.byName.get(target.value);
  if (!found) return [unknownLayer(target, subject, names.quantizable, names)];
  if (found.whyNot === undefined) return [];
  return [
    {
      code: 'override-of-unquantizable-layer',
      severity: 'error',
      message: `${config.format === 'json' ? 'the config lists' : 'override_layer_configs names'} a layer that cannot be quantized: ${found.whyNot}`,
      ...place(target),
      layer: target.value,
      hint: legalLayers(target.value, names.quantizable),
    },
  ];
}

function checkOverriddenType(entry: OverrideEntry, names: Names): Diagnostic[] {
  const { target } = entry;
  const subject = `override_layer_types names \`${target.value}\``;
  if (names.types.includes(target.value)) {
    return names.typesInNet.has(target.value) ? [] : [noSuchTypeInNet(target, subject, names)];
  }
  if (!isKnownType(target.value, names)) return [unknownType(target, subject, names)];
  return [
    {
      code: 'override-of-unquantizable-type',
      severity: 'error',
      message: `override_layer_types names the type \`${target.value}\`, which cannot be quantized`,
      ...place(target),
      hint: `types that are quantized: ${names.types.join(', ')}`,
    },
  ];
}

type Place = Parameters<typeof place>[0] & { value: string };

function unknownLayer(at: Place, subject: string, candidates: Iterable<string>, names: Names): Diagnostic {
  const close = nearest(at.value, candidates);
  return {
    code: 'unknown-layer',
    severity: 'error',
    message: `${subject}, which is not a layer of ${names.net.name === '' ? names.net.file : `${names.net.name} (${names.net.file})`}`,
    ...place(at),
    layer: at.value,
    hint: close === undefined ? legalLayers(at.value, names.quantizable) : `did you mean \`${close}\`?`,
  };
}

function unknownType(at: Place, subject: string, names: Names): Diagnostic {
  const close = nearest(at.value, names.types) ?? nearest(at.value, [...CAFFE_LAYER_TYPES, ...names.typesInNet]);
  return {
    code: 'unknown-type',
    severity: 'error',
    message: `${subject}, which is not a layer type`,
    ...place(at),
    hint:
      (close === undefined ? '' : `did you mean \`${close}\`? `) +
      `Types that are quantized: ${names.types.join(', ')}`,
  };
}

function noSuchTypeInNet(at: Place, subject: string, names: Names): Diagnostic {
  return {
    code: 'type-not-in-net',
    severity: 'info',
    message: `${subject}, but ${names.net.file} has no layer of this type: the entry has no effect`,
    ...place(at),
  };
}

function isKnownType(type: string, names: Names): boolean {
  return names.typesInNet.has(type) || CAFFE_LAYER_TYPES.has(type) || DEPTHWISE_TYPES.includes(type);
}

function legalLayers(word: string, quantizable: readonly string[]): string {
  const close = nearest(word, quantizable);
  const list = quantizable.length === 0 ? 'none' : namesOf(quantizable);
  return (close === undefined ? '' : `did you mean \`${close}\`? `) + `Layers that can be quantized: ${list}`;
}
