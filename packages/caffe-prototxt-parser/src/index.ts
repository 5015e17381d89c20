export type { BindOptions, BoundMessage, UnknownField } from './bind-message.ts';
export { bindMessage } from './bind-message.ts';
export type { Diagnostic, Position, Severity } from './diagnostic.ts';
export { hasErrors } from './diagnostic.ts';
export { DiagnosticsError } from './diagnostics-error.ts';
export type { RemoveOptions } from './edit-tree.ts';
export { appendField, insertAfter, insertBefore, removeField, replaceField } from './edit-tree.ts';
export { escapeString } from './escape-string.ts';
export { fieldsOf, findField, messagesOf, scalarText, valuesOf } from './find-fields.ts';
export { formatDiagnostics } from './format-diagnostics.ts';
export { formatFloat } from './format-float.ts';
export type { FormatOptions } from './format-message.ts';
export { formatField, formatMessage } from './format-message.ts';
export { DEBUG_VARIABLE, internalError, isJavaScriptError } from './internal-error.ts';
export type { Limits } from './limits.ts';
export { nearest } from './nearest.ts';
export type { ParseOptions } from './parse-text.ts';
export { parseText } from './parse-text.ts';
export { printSyntax, printText } from './print-text.ts';
export type {
  EnumField,
  EnumSchema,
  FieldSchema,
  MessageField,
  MessageSchema,
  ScalarField,
  ScalarType,
} from './schema.ts';
export type { JsonDescriptor, JsonField, JsonNode } from './schema-from-descriptor.ts';
export { schemaFromDescriptor } from './schema-from-descriptor.ts';
export type { ScalarInput } from './set-scalar.ts';
export { setScalar } from './set-scalar.ts';
export { decodeText, encodeText } from './source-bytes.ts';
export type {
  FieldNode,
  ListItem,
  ListNode,
  MessageNode,
  ScalarNode,
  SkippedNode,
  SyntaxNode,
  TextDocument,
  Token,
  TokenKind,
  ValueNode,
} from './syntax-tree.ts';
export { fieldOf, positionOf } from './syntax-tree.ts';
