/**
 * AMCT's JSON config (retrain_config.json, what `create_quant_retrain_config` writes) read into a RetrainConfig: one entry
 * per layer, strict keys, and a layer that the file does not list is disabled.
 */
import { nearest } from 'caffe-prototxt-parser';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { checkClip } from './clip-settings.ts';
import { explainForeignField } from './foreign-fields.ts';
import { parseJson } from './json-syntax.ts';
import type { JsonMember, JsonNode } from './json-syntax.ts';
import { byPlace } from './retrain-config.ts';
import type {
  ClipSettings,
  DataSettings,
  Located,
  Location,
  OverrideEntry,
  RetrainConfig,
  WeightSettings,
} from './retrain-config.ts';

export function parseRetrainJson(text: string, file: string): { config: RetrainConfig; diagnostics: Diagnostic[] } {
  const config: RetrainConfig = {
    format: 'json',
    file,
    skipLayers: [],
    skipTypes: [],
    layerOverrides: [],
    typeOverrides: [],
  };
  const { root, diagnostics } = parseJson(text, file);
  if (root) diagnostics.push(...new JsonReader(config).read(root));
  return { config, diagnostics: diagnostics.sort(byPlace) };
}

const LAYER_KEYS = ['retrain_enable', 'retrain_data_config', 'retrain_weight_config'];
const DATA_KEYS = ['algo', 'clip_max', 'clip_min', 'fixed_min'];
const WEIGHT_KEYS = ['algo', 'channel_wise'];

class JsonReader {
  readonly #config: RetrainConfig;
  readonly #diagnostics: Diagnostic[] = [];

  constructor(config: RetrainConfig) {
    this.#config = config;
  }

  read(root: JsonNode): Diagnostic[] {
    if (root.kind !== 'object') {
      this.#error('wrong-type', `the config should be an object, but is ${kindOf(root)}`, root);
      return this.#diagnostics;
    }
    if (!root.members.some(({ key }) => key === 'version')) {
      this.#error('no-version', 'the config has no version', root, 'add "version":1');
    }
    for (const member of root.members) this.#readTopLevel(member);
    return this.#diagnostics;
  }

  #readTopLevel(member: JsonMember): void {
    const { key, value } = member;
    if (key === 'version') {
      if (!isInteger(value) || value.value !== 1)
        this.#error('wrong-version', `version should be 1, but is ${written(value)}`, value);
    } else if (key === 'batch_num') {
      const batchNum = this.#integer(key, value);
      if (batchNum && batchNum.value < 1) {
        this.#error('batch-num-not-positive', `batch_num should be greater than 0, but is ${batchNum.value}`, batchNum);
      }
      if (batchNum) this.#config.batchNum = batchNum;
    } else if (value.kind === 'object') {
      this.#config.layerOverrides.push(this.#readLayer(member, value.members));
    } else if (key === 'fakequant_precision_mode') {
      this.#unknownKey(member, 'the config', ['version', 'batch_num']);
    } else {
      const message = `\`${key}\` should be the settings of a layer, an object, but is ${kindOf(value)}`;
      this.#error('wrong-type', message, value);
    }
  }

  #readLayer(layer: JsonMember, members: JsonMember[]): OverrideEntry {
    const { key: name } = layer;
    const entry: OverrideEntry = { ...place(layer), target: { value: name, ...place(layer) } };
    for (const member of members) {
      const { key, value } = member;
      if (key === 'retrain_enable') {
        const enabled = this.#boolean(key, value, name);
        if (enabled) entry.enabled = enabled;
      } else if (key === 'retrain_data_config') {
        entry.data = this.#readData(member, this.#object(key, value, name), name);
      } else if (key === 'retrain_weight_config') {
        entry.weight = this.#readWeight(member, this.#object(key, value, name), name);
      } else this.#unknownKey(member, `layer \`${name}\``, LAYER_KEYS);
    }
    return entry;
  }

  #readData(half: JsonMember, members: JsonMember[], layer: string): DataSettings {
    const data: DataSettings = place(half);
    let max: Located<number> | undefined;
    let min: Located<number> | undefined;
    for (const member of members) {
      const { key, value } = member;
      if (key === 'algo') this.#algorithm(member, 'ulq_quantize', layer);
      else if (key === 'clip_max') max = this.#float(key, value, layer);
      else if (key === 'clip_min') min = this.#float(key, value, layer);
      else if (key === 'fixed_min') {
        const fixedMin = this.#boolean(key, value, layer);
        if (fixedMin) data.fixedMin = fixedMin;
      } else this.#unknownKey(member, `retrain_data_config of layer \`${layer}\``, DATA_KEYS);
    }
    const given = members.filter(({ key }) => key === 'clip_max' || key === 'clip_min');
    if (new Set(given.map(({ key }) => key)).size === 1) {
      const [only] = given as [JsonMember];
      const missing = only.key === 'clip_max' ? 'clip_min' : 'clip_max';
      this.#error(
        'clip-incomplete',
        `layer \`${layer}\` gives ${only.key} without ${missing}`,
        only,
        `add ${missing}, or leave both out for IFMR`,
      );
    }
    if (max && min) {
      const clip: ClipSettings = { ...place(max), max, min };
      const problems = checkClip(clip);
      this.#diagnostics.push(...problems.map((problem) => ({ ...problem, layer })));
      if (problems.length === 0) data.clip = clip;
    }
    return data;
  }

  #readWeight(half: JsonMember, members: JsonMember[], layer: string): WeightSettings {
    const weight: WeightSettings = place(half);
    for (const member of members) {
      const { key, value } = member;
      if (key === 'algo') this.#algorithm(member, 'arq_retrain', layer);
      else if (key === 'channel_wise') {
        const channelWise = this.#boolean(key, value, layer);
        if (channelWise) weight.channelWise = channelWise;
      } else this.#unknownKey(member, `retrain_weight_config of layer \`${layer}\``, WEIGHT_KEYS);
    }
    return weight;
  }

  #algorithm({ value }: JsonMember, expected: string, layer: string): void {
    if (value.kind === 'string' && value.value === expected) return;
    const later =
      value.kind === 'string' && value.value === 'ulq_retrain'
        ? explainForeignField('ulq_retrain', undefined)
        : undefined;
    const message = later?.message ?? `algo of layer \`${layer}\` should be "${expected}", but is ${written(value)}`;
    this.#error(later?.code ?? 'unknown-algorithm', message, value, `write "algo":"${expected}"`);
  }

  #unknownKey(member: JsonMember, where: string, legal: readonly string[]): void {
    const foreign = explainForeignField(member.key, written(member.value).replaceAll('"', ''));
    if (foreign && foreign.code !== 'json-config-field') {
      this.#diagnostics.push({ ...foreign, ...place(member) });
      return;
    }
    const close = nearest(member.key, legal);
    const hint = close === undefined ? `legal keys: ${legal.join(', ')}` : `did you mean \`${close}\`?`;
    this.#error('unknown-key', `unknown key \`${member.key}\` in ${where}`, member, hint);
  }

  #object(key: string, value: JsonNode, layer: string): JsonMember[] {
    if (value.kind === 'object') return value.members;
    this.#error('wrong-type', `${key} of layer \`${layer}\` should be an object, but is ${kindOf(value)}`, value);
    return [];
  }

  #boolean(key: string, value: JsonNode, layer: string): Located<boolean> | undefined {
    if (value.kind === 'boolean') return { value: value.value, ...place(value) };
    this.#error('wrong-type', `${key} of layer \`${layer}\` should be true or false, but is ${kindOf(value)}`, value);
    return undefined;
  }

  #integer(key: string, value: JsonNode): Located<number> | undefined {
    if (isInteger(value)) return { value: value.value, ...place(value) };
    this.#error('wrong-type', `${key} should be an integer, but is ${kindOf(value)}`, value);
    return undefined;
  }

  /** AMCT refuses an int where it expects a float; so does this reader, since the file is for both. */
  #float(key: string, value: JsonNode, layer: string): Located<number> | undefined {
    if (value.kind === 'number' && !value.integer) return { value: Math.fround(value.value) + 0, ...place(value) };
    const hint = value.kind === 'number' ? `write ${value.value}.0` : undefined;
    this.#error('wrong-type', `${key} of layer \`${layer}\` should be a float, but is ${kindOf(value)}`, value, hint);
    return undefined;
  }

  #error(code: string, message: string, at: Location, hint?: string): void {
    this.#diagnostics.push({ code, severity: 'error', message, ...place(at), ...(hint !== undefined && { hint }) });
  }
}

function place({ file, line, column }: Location): Location {
  return { file, line, column };
}

function isInteger(node: JsonNode): node is Extract<JsonNode, { kind: 'number' }> {
  return node.kind === 'number' && node.integer;
}

function kindOf(node: JsonNode): string {
  if (node.kind === 'number') return node.integer ? `the integer ${node.value}` : `the number ${node.value}`;
  return node.kind === 'null' ? 'null' : `${node.kind === 'array' || node.kind === 'object' ? 'an' : 'a'} ${node.kind}`;
}

function written(node: JsonNode): string {
  return 'value' in node ? JSON.stringify(node.value) : kindOf(node);
}
