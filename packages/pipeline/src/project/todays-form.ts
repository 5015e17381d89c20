import type { Dialect, NetParameter } from '@caffe-quant/caffe-io';
import { dialectSchema, readNetText } from '@caffe-quant/caffe-io';
import type { MessageNode, MessageSchema, TextDocument } from 'caffe-prototxt-parser';
import { bindMessage, formatMessage, messagesOf, parseText } from 'caffe-prototxt-parser';

/** A net in today's form, open for edits. */
export interface NetOfToday {
  readonly net: NetParameter;
  /** The file as it is, or where that is of an old form, the net written anew, without comments. */
  readonly document: TextDocument;
  /** Its layers, in the order of `net.layer`. */
  readonly nodes: readonly MessageNode[];
  readonly dialect: Dialect;
  readonly schema: MessageSchema;
}

/** Opens the text of a net that has no errors. */
export function netOfToday(text: string, file: string): NetOfToday {
  const { net, document: written, dialect } = readNetText(text, file);
  const schema = dialectSchema(dialect, 'NetParameter');
  const canonical = formatMessage(net, schema);
  const isOfToday = formatMessage(bindMessage(written, schema).message, schema) === canonical;
  const document = isOfToday ? written : parseText(canonical, { file }).document;
  return { net, document, nodes: messagesOf(document, 'layer'), dialect, schema };
}
