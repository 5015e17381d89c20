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

/** What `fieldOrigins` calls BVLC's own. */
export const BVLC = 'BVLC/caffe';

/** What `fieldOrigins` calls a dialect. */
export const forkName = (dialect: Dialect): string => (dialect === 'bvlc' ? BVLC : dialectOrigins[dialect]);

function has(descriptor: JsonNode, message: string, field: string): boolean {
  let node: JsonNode | undefined = descriptor.nested?.['caffe'];
  for (const name of message.split('.')) node = node?.nested?.[name];
  return node?.fields?.[field] !== undefined;
}
