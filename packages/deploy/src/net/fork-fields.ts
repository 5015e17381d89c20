import { BVLC, dialectSchema, fieldOrigins, forkName, type NetGraph, readNetText } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import type { NetSource } from './editable-net.ts';

/** Fields and layers that one message names. */
const MAX_NAMES = 5;

/**
 * A warning for the fields of forks that the exported prototxts keep, such as `convolution_param.pad_l`: BVLC's Caffe, AMCT
 * and ATC refuse to read a prototxt with a field that they do not know. Messages that are a fork's altogether belong to
 * layer types that are its too, and say so by that.
 *
 * @param graph the net as it is deployed
 */
export function forkFieldNotes(graph: NetGraph, { text, file }: NetSource): Diagnostic[] {
  const schema = dialectSchema(readNetText(text, file).dialect, 'LayerParameter');
  const found = new Map<string, { fields: Set<string>; layers: Set<string> }>();
  for (const { name, param } of graph.layers) {
    for (const [key, settings] of Object.entries(param)) {
      const field = schema.fields.get(key);
      if (field?.kind !== 'message' || Array.isArray(settings) || !isKnown(schema.name, key)) continue;
      for (const [inner, value] of Object.entries(settings as object)) {
        if (value === undefined || isKnown(field.message.name, inner)) continue;
        const origin = fieldOrigins(field.message.name, inner).join(', ');
        const ofFork = found.get(origin) ?? { fields: new Set(), layers: new Set() };
        found.set(origin, ofFork);
        ofFork.fields.add(`${key}.${inner}`);
        ofFork.layers.add(name);
      }
    }
  }
  return [...found].map(([origin, { fields, layers }]) => {
    const quoted = [...layers].map((name) => `"${name}"`);
    const message = `the exported prototxts keep fields of ${origin} (${inShort([...fields])}), which BVLC Caffe, AMCT and ATC do not know: ${inShort(quoted)}`;
    const hint = 'the ONNX file does what they say';
    return { code: 'fork-fields', severity: 'warning', message, file, hint };
  });
}

/** Whether BVLC's Caffe or AMCT's has the field. */
const isKnown = (message: string, field: string): boolean =>
  fieldOrigins(message, field).some((origin) => origin === BVLC || origin === forkName('amct'));

function inShort(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
