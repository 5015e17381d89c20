import {
  bindMessage,
  type Diagnostic,
  formatMessage,
  nearest,
  parseText,
  schemaFromDescriptor,
} from 'caffe-prototxt-parser';
import {
  descriptor,
  type ScaleOffsetRecord,
  type ScaleOffsetRecord_MapFiledEntry,
  type SingleLayerRecord,
} from '../generated/scale-offset-record-caffe.ts';
import type { QuantizedLayer } from '../quantized/quantized-layer.ts';
import { checkLayerRecord } from './record-rules.ts';

const schema = schemaFromDescriptor(descriptor, 'AMCT.ScaleOffsetRecord');

/** The record of quantized layers, in net order. */
export function recordOf(layers: readonly QuantizedLayer[]): ScaleOffsetRecord {
  return {
    record: layers.map(({ name, data, weights }): ScaleOffsetRecord_MapFiledEntry => {
      const [, channels = 1, height = 1, width = 1] = data.shape;
      const value: SingleLayerRecord = {
        scale_d: data.grid.scale,
        offset_d: data.grid.zeroPoint,
        scale_w: [...(weights?.scales ?? [])],
        offset_w: [...(weights?.scales ?? [])].map(() => 0),
        shift_bit: [],
        channels,
        height,
        width,
      };
      return { key: name, value };
    }),
  };
}

/** The text of a record, as AMCT writes it; scales as the shortest text that reads back as the same float32. */
export const formatRecord = (record: ScaleOffsetRecord): string => formatMessage(record, schema);

export interface RecordText {
  record: ScaleOffsetRecord;
  /** The layers' records by name; of several for one layer the last. */
  layers: ReadonlyMap<string, SingleLayerRecord>;
  /** Everything that is wrong with the file. */
  diagnostics: Diagnostic[];
}

/**
 * Reads a record and checks it by AMCT's rules.
 * @param types the types of the net's layers, by name; without them the rules that depend on a type are not asked.
 */
export function readRecord(text: string, file: string, types?: ReadonlyMap<string, string>): RecordText {
  const { document, diagnostics: syntax } = parseText(text, { file });
  const bound = bindMessage<ScaleOffsetRecord>(document, schema);
  const layers = new Map<string, SingleLayerRecord>();
  const problems: Diagnostic[] = [];
  for (const entry of bound.message.record) {
    const { key, value } = entry;
    const report = (problem: Pick<Diagnostic, 'code' | 'severity' | 'message' | 'hint'>, field?: string): void => {
      const at = (value && (bound.locate(value, field) ?? bound.locate(value))) ?? bound.locate(entry);
      problems.push({ ...problem, file, ...at, ...(key === undefined ? {} : { layer: key }) });
    };
    if (key === undefined || value === undefined) {
      report({ code: 'record-missing', severity: 'error', message: 'a record needs a key and a value' });
      continue;
    }
    if (layers.has(key)) {
      const message = `layer "${key}" has several records: the last one counts`;
      report({ code: 'record-duplicate', severity: 'warning', message });
    }
    layers.set(key, value);
    if (types && !types.has(key)) {
      const near = nearest(key, types.keys());
      const hint = near === undefined ? {} : { hint: `did you mean "${near}"?` };
      report({ code: 'record-layer', severity: 'error', message: `the net has no layer "${key}"`, ...hint });
      continue;
    }
    for (const { message, field, ...problem } of checkLayerRecord(value, types?.get(key))) {
      report({ ...problem, message: `the record of layer "${key}" ${message}` }, field);
    }
  }
  return { record: bound.message, layers, diagnostics: [...syntax, ...bound.diagnostics, ...problems] };
}
