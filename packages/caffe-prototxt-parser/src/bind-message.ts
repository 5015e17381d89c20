import type { Diagnostic, Position } from './diagnostic.ts';
import type { BoundNodes } from './bound-positions.ts';
import { BoundPositions } from './bound-positions.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import type { Limits } from './limits.ts';
import { completeLimits } from './limits.ts';
import { nearest } from './nearest.ts';
import { isMalformed, readEnum, readScalar } from './scalar-values.ts';
import type { EnumField, FieldSchema, MessageField, MessageSchema, ScalarField } from './schema.ts';
import type { FieldNode, MessageNode, ScalarNode, SyntaxNode, TextDocument, ValueNode } from './syntax-tree.ts';
import { documentOf, fieldOf, firstToken, positionOf } from './syntax-tree.ts';

export interface BindOptions {
  /** Name of the file for the diagnostics; default: the document's. */
  file?: string;
  /** Severity of a field that the schema does not have; default `error`, as in protobuf. It stays in the tree anyhow. */
  unknownFields?: Diagnostic['severity'];
  /** Severity of `[extension]` and `[type.url/Any]` fields that the schema does not have; default `warning`. */
  unknownExtensions?: Diagnostic['severity'];
  /** Severity of a field that is not a list and is given twice; default `warning`. Caffe itself refuses such a file. */
  duplicates?: Diagnostic['severity'];
  limits?: Pick<Limits, 'maxDiagnostics'>;
}

/** A field or enum value that the schema does not have. */
export interface UnknownField {
  /** The message in which it stands. */
  message: object;
  schema: MessageSchema;
  node: FieldNode;
}

export interface BoundMessage<T> {
  message: T;
  diagnostics: Diagnostic[];
  /** Fields without a schema, in the order of the file; they are not in `message`. */
  unknown: UnknownField[];
  /**
   * Where something stands in the file: a message (its field's name), a field of it (the name; of several the one that counts,
   * of a repeated field the first), or with `index` the value of that element of a repeated field (0 for a single value).
   */
  locate(message: object, field?: string, index?: number): Position | undefined;
  /**
   * The node of a message (`MessageNode`; where several were merged, the last), or with `field` that of a value: a
   * `ScalarNode` or `MessageNode`. `fieldOf` gives the field around it, for edits.
   */
  nodeOf(message: object, field?: string, index?: number): SyntaxNode | undefined;
}

/**
 * Reads a tree as a message of the given type: plain objects whose members are named as in the .proto file.
 *
 * - Repeated fields are always arrays; other absent fields are absent, defaults are not filled in.
 * - Enum values are their names; bytes are `Uint8Array`; `float` is rounded to float32; 64-bit integers are numbers where
 *   safe, else bigints.
 * - What is given twice is merged as protobuf merges: the last scalar wins, messages are merged, lists are appended.
 *
 * All problems are reported, and what cannot be read is absent from the message. `T` is the caller's word for what the schema
 * describes; it holds where no error was reported.
 */
export function bindMessage<T extends object = Record<string, unknown>>(
  tree: TextDocument | MessageNode,
  schema: MessageSchema,
  options: BindOptions = {},
): BoundMessage<T> {
  const file = options.file ?? documentOf(tree).file;
  const diagnostics = new DiagnosticList(file, completeLimits(options.limits).maxDiagnostics);
  const positions = new BoundPositions();
  const unknown: UnknownField[] = [];
  const binder = new Binder(diagnostics, positions, unknown, options);
  const message = binder.bindRoot(tree.kind === 'document' ? tree.root : tree, schema);
  return {
    message: message as T,
    diagnostics: diagnostics.finish(),
    unknown,
    locate: (of, field, index) => positions.locate(of, field, index),
    nodeOf: (of, field, index) => positions.nodeOf(of, field, index),
  };
}

type PlainMessage = Record<string, unknown>;

/** A message that is being read. */
interface Frame {
  message: PlainMessage;
  schema: MessageSchema;
  nodes: BoundNodes;
}

class Binder {
  readonly #diagnostics: DiagnosticList;
  readonly #positions: BoundPositions;
  readonly #unknown: UnknownField[];
  readonly #options: BindOptions;
  /** Schemas of the current message and those around it: they tell a field that stands one brace too deep. */
  readonly #schemas: MessageSchema[] = [];
  /** Messages with required fields: checked at the end, when all parts of a message given in parts are merged. */
  readonly #requiring: Frame[] = [];
  /** What was most likely meant by unknown names: the same one is often found in every layer. '' for nothing. */
  readonly #nearest = new Map<MessageSchema, Map<string, string>>();

  constructor(diagnostics: DiagnosticList, positions: BoundPositions, unknown: UnknownField[], options: BindOptions) {
    this.#diagnostics = diagnostics;
    this.#positions = positions;
    this.#unknown = unknown;
    this.#options = options;
  }

  bindRoot(node: MessageNode, schema: MessageSchema): PlainMessage {
    const message = this.#bind(node, schema);
    for (const frame of this.#requiring) this.#checkRequired(frame);
    return message;
  }

  #bind(node: MessageNode, schema: MessageSchema): PlainMessage {
    const message: PlainMessage = {};
    const { repeated, required } = shapeOf(schema);
    for (const name of repeated) message[name] = [];
    const frame = { message, schema, nodes: this.#positions.addMessage(message, node) };
    if (required.length > 0) this.#requiring.push(frame);
    this.#fill(frame, node);
    return message;
  }

  #fill(frame: Frame, node: MessageNode): void {
    const { schema } = frame;
    this.#schemas.push(schema);
    for (const entry of node.entries) {
      if (entry.kind !== 'field') continue;
      const field = schema.fields.get(entry.name);
      if (field === undefined) this.#reportUnknown(frame, entry);
      else this.#bindValue(frame, field, entry, entry.value);
    }
    this.#schemas.pop();
  }

  #bindValue(frame: Frame, field: FieldSchema, node: FieldNode, value: ValueNode): void {
    if (value.kind === 'skipped') return; // Reported by the parser.
    if (value.kind === 'list') {
      if (field.cardinality !== 'repeated') {
        this.#error('not-repeated', `\`${field.name}\` of ${frame.schema.name} takes one value, not a list`, value);
        return;
      }
      // A list in a list was reported by the parser.
      for (const { value: item } of value.items) if (item.kind !== 'list') this.#bindValue(frame, field, node, item);
    } else if (field.kind === 'message') {
      if (value.kind === 'message') this.#bindSubmessage(frame, field, node, value);
      else this.#error('wrong-type', `\`${field.name}\` is a message: expected \`{\``, value);
    } else if (value.kind === 'message') {
      const type = field.kind === 'enum' ? `a value of enum ${field.enum.name}` : `a value of type ${field.type}`;
      this.#error('wrong-type', `\`${field.name}\` is not a message: expected ${type}, got \`{\``, value);
    } else {
      this.#bindScalar(frame, field, node, value);
    }
  }

  #bindScalar(frame: Frame, field: ScalarField | EnumField, node: FieldNode, value: ScalarNode): void {
    if (isMalformed(value)) return; // Reported by the tokenizer.
    const reading =
      field.kind === 'enum' ? readEnum(value, field.enum, !this.#diagnostics.full) : readScalar(value, field.type);
    if (reading.problem !== undefined) {
      const { message, ...rest } = reading.problem;
      this.#diagnostics.add({ ...rest, message: `\`${field.name}\`: ${message}` }, firstToken(value));
    }
    if (reading.value === undefined) return;
    this.#checkOnce(frame, field, node);
    this.#store(frame, field, value, reading.value);
  }

  #bindSubmessage(frame: Frame, field: MessageField, node: FieldNode, value: MessageNode): void {
    this.#checkOnce(frame, field, node);
    const { message } = frame;
    const isGiven = field.cardinality !== 'repeated' && Object.hasOwn(message, field.name);
    const given = isGiven ? (message[field.name] as PlainMessage) : undefined;
    const nodes = given && this.#positions.nodesOf(given);
    if (given === undefined || nodes === undefined) {
      this.#store(frame, field, value, this.#bind(value, field.message));
      return;
    }
    frame.nodes.add(value);
    nodes.message = value;
    this.#fill({ message: given, schema: field.message, nodes }, value);
  }

  #store({ message, nodes }: Frame, field: FieldSchema, value: ValueNode, stored: unknown): void {
    nodes.add(value);
    const list = field.cardinality === 'repeated' ? (message[field.name] as unknown[]) : undefined;
    // Most lists (`bottom`, `top`) get one element; an array that grows would make room for 17.
    if (list === undefined || list.length === 0) message[field.name] = list === undefined ? stored : [stored];
    else list.push(stored);
  }

  /** Reports a single field given twice, and clears the other members of its oneof. */
  #checkOnce({ message, schema, nodes }: Frame, field: FieldSchema, node: FieldNode): void {
    if (field.cardinality === 'repeated') return;
    if (Object.hasOwn(message, field.name)) {
      const before = nodes.valuesOf(field.name).at(-1);
      const line = before && fieldOf(before)?.nameToken.line;
      const rule = field.kind === 'message' ? 'the two are merged' : 'the last one counts';
      this.#diagnostics.add(
        {
          code: 'duplicate-field',
          severity: this.#options.duplicates ?? 'warning',
          message: `\`${field.name}\` of ${schema.name} is given twice, before in line ${line}: ${rule}`,
          hint: 'Caffe itself refuses a file with such a field: remove one of the two',
        },
        node.nameToken,
      );
    }
    if (field.oneof === undefined) return;
    for (const other of schema.fields.values()) {
      if (other.oneof !== field.oneof || other === field || !Object.hasOwn(message, other.name)) continue;
      const text = `\`${field.name}\` and \`${other.name}\` of ${schema.name} exclude each other (oneof \`${field.oneof}\`)`;
      this.#error('oneof-conflict', text, node);
      delete message[other.name];
    }
  }

  #checkRequired({ message, schema, nodes }: Frame): void {
    const missing = shapeOf(schema).required.filter((field) => !Object.hasOwn(message, field.name));
    if (missing.length === 0) return;
    const names = missing.map((field) => `\`${field.name}\``).join(', ');
    const place = this.#positions.locate(message) ?? positionOf(nodes.message);
    this.#diagnostics.add(
      { code: 'missing-field', severity: 'error', message: `${schema.name} needs ${names}` },
      place,
    );
  }

  #reportUnknown({ message, schema }: Frame, node: FieldNode): void {
    this.#unknown.push({ message, schema, node });
    const { nameToken } = node;
    if (nameToken.kind === 'name') {
      const kind = node.name.includes('/') ? 'Any' : 'extension';
      const severity = this.#options.unknownExtensions ?? 'warning';
      const text = `unknown ${kind} \`${node.name}\` in ${schema.name} is kept but not read`;
      this.#diagnostics.add({ code: 'unknown-extension', severity, message: text }, nameToken);
      return;
    }
    const hint = this.#hintForUnknown(node.name, schema);
    this.#diagnostics.add(
      {
        code: 'unknown-field',
        severity: this.#options.unknownFields ?? 'error',
        message: `unknown field \`${node.name}\` in ${schema.name}`,
        ...(hint === undefined ? {} : { hint }),
      },
      nameToken,
    );
  }

  #hintForUnknown(name: string, schema: MessageSchema): string | undefined {
    if (this.#diagnostics.full) return undefined;
    const outer = this.#schemas.slice(0, -1).findLast((candidate) => candidate.fields.has(name));
    if (outer !== undefined) return `${outer.name} has a field of that name: is a \`}\` missing before it?`;
    let near = this.#nearest.get(schema)?.get(name);
    if (near === undefined) {
      near = nearest(name, schema.fields.keys()) ?? '';
      const known = this.#nearest.get(schema) ?? new Map<string, string>();
      this.#nearest.set(schema, known.set(name, near));
    }
    return near === '' ? undefined : `did you mean \`${near}\`?`;
  }

  #error(code: string, message: string, node: SyntaxNode): void {
    this.#diagnostics.add({ code, severity: 'error', message }, firstToken(node));
  }
}

interface MessageShape {
  repeated: readonly string[];
  required: readonly FieldSchema[];
}

const shapes = new WeakMap<MessageSchema, MessageShape>();

function shapeOf(schema: MessageSchema): MessageShape {
  let shape = shapes.get(schema);
  if (shape === undefined) {
    const fields = [...schema.fields.values()];
    shape = {
      repeated: fields.filter((field) => field.cardinality === 'repeated').map((field) => field.name),
      required: fields.filter((field) => field.cardinality === 'required'),
    };
    shapes.set(schema, shape);
  }
  return shape;
}
