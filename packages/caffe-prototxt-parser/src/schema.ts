/** Protobuf's scalar types. */
export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'sint32'
  | 'sfixed32'
  | 'uint32'
  | 'fixed32'
  | 'int64'
  | 'sint64'
  | 'sfixed64'
  | 'uint64'
  | 'fixed64'
  | 'bool'
  | 'string'
  | 'bytes';

/** A message type: what its fields are called and hold. */
export interface MessageSchema {
  /** Name without the package, `V1LayerParameter.LayerType` style for nested types. */
  readonly name: string;
  /** Name with the package, `caffe.LayerParameter`. */
  readonly fullName: string;
  /** By name, in the order of the descriptor. Extensions have their names in brackets, `[caffe.ext]`. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

/** An enum type. Several names may share a number (`allow_alias`); the first is the canonical one. */
export interface EnumSchema {
  readonly name: string;
  readonly fullName: string;
  readonly values: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

interface FieldBase {
  readonly name: string;
  readonly number: number;
  readonly cardinality: 'optional' | 'required' | 'repeated';
  /** Whether a repeated field is packed on the wire; text knows no difference. */
  readonly packed: boolean;
  /** Name of the oneof that the field belongs to. */
  readonly oneof: string | undefined;
  /** The descriptor's default: a number, string, boolean or enum name. */
  readonly default: string | number | boolean | undefined;
}

export interface ScalarField extends FieldBase {
  readonly kind: 'scalar';
  readonly type: ScalarType;
}

export interface EnumField extends FieldBase {
  readonly kind: 'enum';
  readonly enum: EnumSchema;
}

export interface MessageField extends FieldBase {
  readonly kind: 'message';
  readonly message: MessageSchema;
}

/** One field of a message. Types of message and enum fields are looked up when they are first asked for. */
export type FieldSchema = ScalarField | EnumField | MessageField;
