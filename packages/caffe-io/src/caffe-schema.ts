import { type MessageSchema, schemaFromDescriptor } from 'caffe-prototxt-parser';
import { descriptor, type Messages } from './generated/caffe.ts';
import { emptyMessage } from './wire/decode-message.ts';

/** The schema of one of caffe.proto's messages, by its name there. */
export function caffeSchema(name: keyof Messages): MessageSchema {
  return schemaFromDescriptor(descriptor, `caffe.${name}`);
}

/** A message with the given fields set, its other repeated fields empty. */
export function createMessage<K extends keyof Messages>(name: K, fields: Partial<Messages[K]> = {}): Messages[K] {
  return Object.assign(emptyMessage(caffeSchema(name)), fields) as unknown as Messages[K];
}
