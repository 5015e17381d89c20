import type { EnumSchema, FieldSchema, MessageSchema, ScalarType } from './schema.ts';

/** A field in protobufjs's JSON descriptor format. */
export interface JsonField {
  readonly type: string;
  readonly id: number;
  readonly rule?: string | undefined;
  readonly keyType?: string | undefined;
  /** Of an extension field: the message that it extends. */
  readonly extend?: string | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** A namespace, message, enum or extension field in protobufjs's JSON descriptor format, told apart by their members. */
export interface JsonNode {
  readonly fields?: Readonly<Record<string, JsonField>> | undefined;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>> | undefined;
  readonly values?: Readonly<Record<string, number>> | undefined;
  readonly nested?: Readonly<Record<string, JsonNode>> | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly group?: boolean | undefined;
  readonly type?: string | undefined;
  readonly id?: number | undefined;
  readonly rule?: string | undefined;
  readonly extend?: string | undefined;
}

/** What protobufjs's `Root.toJSON()` gives for a file parsed with `keepCase`. */
export interface JsonDescriptor {
  readonly nested?: Readonly<Record<string, JsonNode>> | undefined;
}

const SCALAR_TYPES: ReadonlySet<string> = new Set<ScalarType>([
  ...(['double', 'float', 'int32', 'sint32', 'sfixed32', 'uint32', 'fixed32', 'int64', 'sint64'] as const),
  ...(['sfixed64', 'uint64', 'fixed64', 'bool', 'string', 'bytes'] as const),
]);

const scopes = new WeakMap<JsonDescriptor, DescriptorScope>();

/**
 * The schema of a message type. Cheap: a type is read when it is first used, and once for a descriptor.
 *
 * Extension fields found in the descriptor are fields of the extended message named `[package.name]`; a map field is its
 * repeated entries, messages with `key` and `value`, as the text format writes it.
 *
 * @param fullName with the package: `caffe.NetParameter`.
 * @throws RangeError where the descriptor has no such message.
 */
export function schemaFromDescriptor(descriptor: JsonDescriptor, fullName: string): MessageSchema {
  let scope = scopes.get(descriptor);
  if (scope === undefined) {
    scope = new DescriptorScope(descriptor);
    scopes.set(descriptor, scope);
  }
  return scope.message(fullName);
}

class DescriptorScope {
  readonly #nodes = new Map<string, JsonNode>();
  readonly #extensions = new Map<string, [name: string, field: JsonField][]>();
  readonly #messages = new Map<string, MessageSchema>();
  readonly #enums = new Map<string, EnumSchema>();

  constructor(descriptor: JsonDescriptor) {
    this.#collect(descriptor, '');
    for (const [fullName, node] of this.#nodes) {
      if (node.extend === undefined || node.type === undefined || node.id === undefined) continue;
      const extended = this.resolve(node.extend, fullName);
      const list = this.#extensions.get(extended) ?? [];
      list.push([fullName, { ...node, type: node.type, id: node.id }]);
      this.#extensions.set(extended, list);
    }
  }

  #collect(node: JsonNode, fullName: string): void {
    if (fullName !== '') this.#nodes.set(fullName, node);
    for (const [name, child] of Object.entries(node.nested ?? {})) {
      this.#collect(child, fullName === '' ? name : `${fullName}.${name}`);
    }
  }

  message(fullName: string): MessageSchema {
    const known = this.#messages.get(fullName);
    if (known !== undefined) return known;
    const node = this.#nodes.get(fullName);
    if (node?.fields === undefined) throw new RangeError(`the descriptor has no message ${fullName}`);
    const message = new DescribedMessage(this, fullName, node);
    this.#messages.set(fullName, message);
    return message;
  }

  enumeration(fullName: string): EnumSchema {
    const known = this.#enums.get(fullName);
    if (known !== undefined) return known;
    const values = new Map(Object.entries(this.#nodes.get(fullName)?.values ?? {}));
    const names = new Map<number, string>();
    for (const [name, number] of values) if (!names.has(number)) names.set(number, name);
    const schema = { name: this.shortName(fullName), fullName, values, names };
    this.#enums.set(fullName, schema);
    return schema;
  }

  extensionsOf(fullName: string): readonly [name: string, field: JsonField][] {
    return this.#extensions.get(fullName) ?? [];
  }

  isEnum(fullName: string): boolean {
    return this.#nodes.get(fullName)?.values !== undefined;
  }

  isGroup(fullName: string): boolean {
    return this.#nodes.get(fullName)?.group === true;
  }

  /** The full name of a type as seen from inside `scope`: the innermost match wins, as in protobuf. */
  resolve(type: string, scope: string): string {
    if (type.startsWith('.')) return type.slice(1);
    for (let outer = scope; ; outer = outer.slice(0, Math.max(0, outer.lastIndexOf('.')))) {
      const candidate = outer === '' ? type : `${outer}.${type}`;
      const node = this.#nodes.get(candidate);
      if (node?.fields !== undefined || node?.values !== undefined) return candidate;
      if (outer === '') throw new RangeError(`the descriptor has no type ${type}, which ${scope} uses`);
    }
  }

  /** A type's name without its package. */
  shortName(fullName: string): string {
    const parts = fullName.split('.');
    let packageParts = 0;
    while (packageParts < parts.length - 1) {
      const node = this.#nodes.get(parts.slice(0, packageParts + 1).join('.'));
      if (node?.fields !== undefined) break;
      packageParts++;
    }
    return parts.slice(packageParts).join('.');
  }
}

class DescribedMessage implements MessageSchema {
  readonly name: string;
  readonly fullName: string;
  readonly #scope: DescriptorScope;
  readonly #node: JsonNode;
  #fields: Map<string, FieldSchema> | undefined;

  constructor(scope: DescriptorScope, fullName: string, node: JsonNode) {
    this.name = scope.shortName(fullName);
    this.fullName = fullName;
    this.#scope = scope;
    this.#node = node;
  }

  get fields(): ReadonlyMap<string, FieldSchema> {
    if (this.#fields !== undefined) return this.#fields;
    const oneofs = new Map<string, string>();
    for (const [oneof, { oneof: members }] of Object.entries(this.#node.oneofs ?? {})) {
      // protobufjs writes an `optional` of proto3 as a oneof of its own, whose name begins with `_`.
      if (members.length > 1) for (const member of members) oneofs.set(member, oneof);
    }
    const fields = new Map<string, FieldSchema>();
    for (const [name, field] of Object.entries(this.#node.fields ?? {})) {
      fields.set(...this.#field(name, field, oneofs.get(name), this.fullName));
    }
    for (const [fullName, field] of this.#scope.extensionsOf(this.fullName)) {
      fields.set(...this.#field(`[${fullName}]`, field, undefined, fullName));
    }
    return (this.#fields = fields);
  }

  #field(name: string, field: JsonField, oneof: string | undefined, from: string): [string, FieldSchema] {
    const repeated = field.rule === 'repeated' || field.keyType !== undefined;
    const preset = field.options?.['default'];
    const base = {
      name,
      number: field.id,
      cardinality: repeated ? 'repeated' : field.rule === 'required' ? 'required' : 'optional',
      packed: field.options?.['packed'] === true,
      oneof,
      default:
        typeof preset === 'string' || typeof preset === 'number' || typeof preset === 'boolean' ? preset : undefined,
    } as const;
    const scope = this.#scope;
    if (field.keyType !== undefined)
      return [name, { ...base, kind: 'message', message: this.#mapEntry(name, field, from) }];
    if (SCALAR_TYPES.has(field.type)) return [name, { ...base, kind: 'scalar', type: field.type as ScalarType }];
    const type = scope.resolve(field.type, from);
    if (scope.isEnum(type)) return [name, { ...base, kind: 'enum', enum: scope.enumeration(type) }];
    // The text format calls a group by its type's name.
    const shownName = scope.isGroup(type) ? type.slice(type.lastIndexOf('.') + 1) : name;
    return [shownName, { ...base, name: shownName, kind: 'message', message: scope.message(type) }];
  }

  #mapEntry(name: string, field: JsonField, from: string): MessageSchema {
    const fields = {
      key: { type: field.keyType ?? 'string', id: 1 },
      value: { type: SCALAR_TYPES.has(field.type) ? field.type : `.${this.#scope.resolve(field.type, from)}`, id: 2 },
    };
    return new DescribedMessage(this.#scope, `${this.fullName}.${name}`, { fields });
  }
}
