/** quant.cfg (message AMCTRetrainConfig in protobuf text format) read into a RetrainConfig, with all that is wrong in it. */
import { bindMessage, parseText, schemaFromDescriptor } from 'caffe-prototxt-parser';
import type { BoundMessage, Diagnostic, ValueNode } from 'caffe-prototxt-parser';
import { checkLists } from './check-lists.ts';
import { checkClip } from './clip-settings.ts';
import { explainForeignField } from './foreign-fields.ts';
import { descriptor } from './generated/retrain-config-caffe.ts';
import type {
  AMCTRetrainConfig,
  ClipMaxMin,
  RetrainDataQuantConfig,
  RetrainOverrideLayer,
  RetrainOverrideLayerType,
  RetrainWeightQuantConfig,
} from './generated/retrain-config-caffe.ts';
import { parseRetrainJson } from './parse-retrain-json.ts';
import { checkSwallowedFields } from './swallowed-fields.ts';
import { byPlace } from './retrain-config.ts';
import type {
  ClipSettings,
  DataSettings,
  Located,
  Location,
  OverrideEntry,
  RetrainConfig,
  SkipEntry,
  SkipField,
  WeightSettings,
} from './retrain-config.ts';

/**
 * Reads the config and reports all that can be said without the net. AMCT's JSON config is recognised by its opening
 * brace, which no quant.cfg can begin with.
 *
 * What is given twice is merged as protobuf's `Merge` does it, which AMCT uses: the last scalar counts, blocks are
 * merged field by field; a warning names the lines. With an error among the diagnostics, the config holds what could be
 * read.
 *
 * @param file name of the file as messages are to show it.
 */
export function parseRetrainConfig(text: string, file: string): { config: RetrainConfig; diagnostics: Diagnostic[] } {
  if (/^\ufeff?\s*\{/.test(text)) return parseRetrainJson(text, file);
  const { document, diagnostics: syntax } = parseText(text, { file });
  const bound = bindMessage<AMCTRetrainConfig>(
    document,
    schemaFromDescriptor(descriptor, 'AMCTRetrain.AMCTRetrainConfig'),
  );
  const { config, diagnostics } = new ConfigReader(bound, file).read();
  return {
    config,
    diagnostics: [
      ...syntax,
      ...inOurWords(bound),
      ...diagnostics,
      ...checkLists(config),
      ...checkSwallowedFields(text, file),
    ].sort(byPlace),
  };
}

/** The binder's diagnostics, in the words of this config: known-elsewhere fields, half a clip range, repetitions. */
function inOurWords({ diagnostics, unknown }: BoundMessage<AMCTRetrainConfig>): Diagnostic[] {
  const explained = new Map<string, ReturnType<typeof explainForeignField>>();
  for (const { node } of unknown) {
    const { line, column } = node.nameToken;
    explained.set(`${line}:${column}`, explainForeignField(node.name, scalarText(node.value)));
  }
  return diagnostics.map((diagnostic) => {
    const { code, message } = diagnostic;
    if (code === 'unknown-field') {
      return { ...diagnostic, ...explained.get(`${diagnostic.line}:${diagnostic.column}`) };
    }
    if (code === 'duplicate-field') {
      return { ...diagnostic, hint: 'AMCT does the same without a word; remove one of the two' };
    }
    if (code === 'missing-field' && message.startsWith('ClipMaxMin')) {
      return { ...diagnostic, code: 'clip-incomplete', hint: 'give both, or no clip_max_min at all for IFMR' };
    }
    return diagnostic;
  });
}

function scalarText(value: ValueNode): string | undefined {
  return value.kind === 'scalar' ? value.tokens.map((token) => token.text).join('') : undefined;
}

class ConfigReader {
  readonly #bound: BoundMessage<AMCTRetrainConfig>;
  readonly #file: string;
  readonly #diagnostics: Diagnostic[] = [];

  constructor(bound: BoundMessage<AMCTRetrainConfig>, file: string) {
    this.#bound = bound;
    this.#file = file;
  }

  read(): { config: RetrainConfig; diagnostics: Diagnostic[] } {
    const message = this.#bound.message;
    const config: RetrainConfig = {
      format: 'cfg',
      file: this.#file,
      ...this.#halves(message),
      skipLayers: [...this.#skips('skip_layers'), ...this.#skips('quant_skip_layers')].sort(byPlace),
      skipTypes: [...this.#skips('skip_layer_types'), ...this.#skips('quant_skip_types')].sort(byPlace),
      layerOverrides: message.override_layer_configs.flatMap((entry) =>
        this.#override(entry, 'layer_name', entry.layer_name),
      ),
      typeOverrides: message.override_layer_types.flatMap((entry) =>
        this.#override(entry, 'layer_type', entry.layer_type),
      ),
    };
    if (message.batch_num !== undefined) {
      config.batchNum = this.#located(message, 'batch_num', message.batch_num);
      if (message.batch_num < 1) {
        this.#error('batch-num-not-positive', 'batch_num should be greater than 0, but is 0', config.batchNum);
      }
    }
    return { config, diagnostics: this.#diagnostics };
  }

  #skips(field: SkipField): SkipEntry[] {
    const message = this.#bound.message;
    return message[field].map((value, index) => ({ field, value, ...this.#place(message, field, index) }));
  }

  #override(
    entry: RetrainOverrideLayer | RetrainOverrideLayerType,
    field: 'layer_name' | 'layer_type',
    target: string | undefined,
  ): OverrideEntry[] {
    // A missing name was reported by the binder.
    if (target === undefined) return [];
    return [{ ...this.#place(entry), target: this.#located(entry, field, target), ...this.#halves(entry) }];
  }

  #halves(message: {
    retrain_data_quant_config?: RetrainDataQuantConfig | undefined;
    retrain_weight_quant_config?: RetrainWeightQuantConfig | undefined;
  }): { data?: DataSettings; weight?: WeightSettings } {
    const { retrain_data_quant_config: data, retrain_weight_quant_config: weight } = message;
    return { ...(data && { data: this.#dataHalf(data) }), ...(weight && { weight: this.#weightHalf(weight) }) };
  }

  #dataHalf(message: RetrainDataQuantConfig): DataSettings {
    const half: DataSettings = this.#place(message);
    const ulq = message.ulq_quantize;
    if (!ulq) {
      this.#withoutAlgorithm('retrain_data_quant_config', 'ulq_quantize', half);
      return half;
    }
    const clip = ulq.clip_max_min && this.#clip(ulq.clip_max_min);
    if (clip) half.clip = clip;
    if (ulq.fixed_min !== undefined) half.fixedMin = this.#located(ulq, 'fixed_min', ulq.fixed_min);
    return half;
  }

  #clip(message: Partial<ClipMaxMin>): ClipSettings | undefined {
    // Where one of the two is missing, the binder has reported it: they are required.
    if (message.clip_max === undefined || message.clip_min === undefined) return undefined;
    const clip: ClipSettings = {
      ...this.#place(message),
      max: this.#located(message, 'clip_max', message.clip_max),
      min: this.#located(message, 'clip_min', message.clip_min + 0),
    };
    const problems = checkClip(clip);
    this.#diagnostics.push(...problems);
    return problems.length === 0 ? clip : undefined;
  }

  #weightHalf(message: RetrainWeightQuantConfig): WeightSettings {
    const half: WeightSettings = this.#place(message);
    const arq = message.arq_retrain;
    if (!arq) this.#withoutAlgorithm('retrain_weight_quant_config', 'arq_retrain', half);
    else if (arq.channel_wise !== undefined) half.channelWise = this.#located(arq, 'channel_wise', arq.channel_wise);
    return half;
  }

  #withoutAlgorithm(half: string, algorithm: string, { file, line, column }: Location): void {
    const message = `${half} chooses no algorithm; ${algorithm}, the only one, is used with its defaults`;
    const hint = `write ${half} { ${algorithm} { ... } }`;
    this.#diagnostics.push({ code: 'no-algorithm', severity: 'warning', message, file, line, column, hint });
  }

  #located<T>(message: object, field: string, value: T): Located<T> {
    return { value, ...this.#place(message, field, 0) };
  }

  #place(message: object, field?: string, index?: number): Location {
    const { line, column } = this.#bound.locate(message, field, index) ?? { line: 1, column: 1 };
    return { file: this.#file, line, column };
  }

  #error(code: string, message: string, { file, line, column }: Location): void {
    this.#diagnostics.push({ code, severity: 'error', message, file, line, column });
  }
}
