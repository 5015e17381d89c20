import type { JsonNode } from 'caffe-prototxt-parser';
import { descriptor } from '../generated/caffe.ts';
import type { Dialect } from './dialect-schema.ts';
import { dialectOrigins, dialects, type DialectName } from '../generated/dialects.ts';

/**
 * The Caffes whose caffe.proto has a field, in words that its users know: BVLC's alone where it is one of BVLC's, else the
 * forks that have it.
 *
 * @param message name of the message without the package, `V1LayerParameter.LayerType` style for nested ones
 */
export function fieldOrigins(message: string, field: string): readonly string[] {
  const forks = (Object.keys(dialects) as DialectName[]).filter((name) => has(dialects[name], message, field));
  const isBvlc = has(descriptor, message, field) && !has(dialects.amct, message, field);
  return isBvlc ? [BVLC] : forks.map((name) => dialectOrigins[name]);
}

/**
 * The same for a value of an enum. Every value of an enum that BVLC's Caffe does not have is one of forks.
 *
 * @param name of the enum without the package, `EltwiseParameter.EltwiseOp`
 */
export function valueOrigins(name: string, value: string): readonly string[] {
  const isIn = (root: JsonNode) => nodeOf(root, name)?.values?.[value] !== undefined;
  const forks = (Object.keys(dialects) as DialectName[]).filter((dialect) => isIn(dialects[dialect]));
  return isIn(descriptor) && !isIn(dialects.amct) ? [BVLC] : forks.map((dialect) => dialectOrigins[dialect]);
}

/** Whether BVLC's Caffe, or AMCT's, has the enum, and not this value of it. */
export function isForeignValue(name: string, value: string): boolean {
  const values = nodeOf(descriptor, name)?.values;
  return values !== undefined && values[value] === undefined;
}

/** What `fieldOrigins` calls BVLC's own. */
export const BVLC = 'BVLC/caffe';

/** What `fieldOrigins` calls a dialect. */
export const forkName = (dialect: Dialect): string => (dialect === 'bvlc' ? BVLC : dialectOrigins[dialect]);

function has(descriptor: JsonNode, message: string, field: string): boolean {
  return nodeOf(descriptor, message)?.fields?.[field] !== undefined;
}

function nodeOf(root: JsonNode, path: string): JsonNode | undefined {
  let node: JsonNode | undefined = root.nested?.['caffe'];
  for (const name of path.split('.')) node = node?.nested?.[name];
  return node;
}
