import { checkConstant, checkNodeCount, checkTensor, machineMemory } from './graph-limits.ts';
import type { ElementType, Shape } from './tensor-type.ts';

export type { ElementType, Shape } from './tensor-type.ts';

/** Numbers of onnx.TensorProto.DataType. */
export const ONNX_ELEMENT_TYPE: Readonly<Record<ElementType, number>> = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** A tensor of the graph: the name of the node output, graph input or constant, and what is known of it. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  /** No element is below zero, whatever the inputs are. Unknown where absent. */
  readonly nonNegative?: true;
}

/** `value`, noted to hold nothing below zero. */
export const nonNegative = (value: Value): Value => ({ ...value, nonNegative: true });

/** `value`, which holds nothing below zero if none of `sources` does. */
export const propagateSign = (value: Value, ...sources: readonly Value[]): Value =>
  sources.every((source) => source.nonNegative) ? nonNegative(value) : value;

export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] };

export type Attributes = Readonly<Record<string, number | string | readonly number[] | Attribute | undefined>>;

export interface GraphNode {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface Constant {
  readonly value: Value;
  /** Little-endian bytes of the elements, row-major. */
  readonly bytes: Uint8Array;
}

/** y = x * scale + shift along axis 1; a scale that is absent is 1, a shift 0. */
export interface AffineForm {
  readonly x: Value;
  /** [C]. */
  readonly scale?: Value | undefined;
  /** [C]. */
  readonly shift?: Value | undefined;
}

export const elementCount = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);

/** A float attribute; a bare number in `Attributes` is an integer one, since ONNX tells the two apart. */
export const float = (value: number): Attribute => ({ kind: 'float', value });

/** Likewise a list of floats. */
export const floats = (value: readonly number[]): Attribute => ({ kind: 'floats', value });

export interface GraphOptions {
  channelBlock?: number;
  plain?: boolean;
  /** Default: what the machine has. */
  memoryLimit?: number;
  /** Names that inputs and outputs will have: no node or constant takes one. Default: none. */
  reserved?: ReadonlySet<string>;
}

/**
 * An ONNX graph under construction. Shapes are static and computed by the caller (the functions of `ops.ts`), so that a
 * wrong shape is found where it is made, and so is one that no memory could hold: nothing is allocated for it. Node names are the layer in hand plus a counter: profiles and errors of
 * onnxruntime then name the Caffe layer.
 */
export class GraphBuilder {
  readonly inputs: Value[] = [];
  readonly outputs: { value: Value; name: string }[] = [];
  readonly nodes: GraphNode[] = [];
  readonly constants: Constant[] = [];
  private readonly constantByKey = new Map<string, Value>();
  private readonly values = new Map<string, Value>();
  private readonly external = new Set<string>();
  private readonly blockedForms = new Map<string, Value>();
  private readonly affineForms = new Map<string, AffineForm>();
  private readonly made = new Map<string, Value>();
  private counter = 0;
  /** Which of the nodes are of the backward pass; absent where there is none. */
  backwardNodes: { start: number; end: number } | undefined;
  private scope = 'net';
  /** Channels in one block of the convolution kernels that the graph may ask for by name; 1 for plain ONNX. */
  readonly channelBlock: number;
  /**
   * True for a graph that other runtimes run: the shortest form of every operator, whose bytes may depend on the number of
   * threads, and no form that depends on the number of images.
   */
  readonly plain: boolean;
  /** Bytes that no tensor may take alone. */
  readonly memoryLimit: number;
  private readonly reserved: ReadonlySet<string>;
  private readonly nodesOf = new Map<string, number>();
  private constantBytes = 0;

  constructor({
    channelBlock = 1,
    plain = false,
    memoryLimit = machineMemory(),
    reserved = new Set(),
  }: GraphOptions = {}) {
    this.channelBlock = channelBlock;
    this.plain = plain;
    this.memoryLimit = memoryLimit;
    this.reserved = reserved;
  }

  /** Names the nodes added by `body` after `scope`, usually a layer. */
  within<T>(scope: string, body: () => T): T {
    const outer = this.scope;
    this.scope = scope;
    try {
      return body();
    } finally {
      this.scope = outer;
    }
  }

  /** The tensor of that name; undefined where the graph has none. */
  valueOf(name: string): Value | undefined {
    return this.values.get(name);
  }

  input(name: string, shape: Shape, type: ElementType = 'float'): Value {
    const value = { name, shape, type };
    this.claim(value);
    this.inputs.push(value);
    this.external.add(name);
    return value;
  }

  /** Notes that `view` shares the memory of `of`. */
  view(of: Value, view: Value): Value {
    if (this.isExternal(of)) this.external.add(view.name);
    return view;
  }

  /** True for graph inputs and views of them: their memory is the caller's. */
  isExternal(value: Value): boolean {
    return this.external.has(value.name);
  }

  /** `value` [N, C, H, W] as it lies with its channels in blocks; undefined where it has not been made so. See `in-blocks.ts`. */
  blockedForm(value: Value): Value | undefined {
    const form = this.blockedForms.get(value.name);
    return form && propagateSign(form, value);
  }

  /** Notes that `blocked` has the elements of `value`, its channels in blocks. */
  noteBlocked(value: Value, blocked: Value): void {
    this.blockedForms.set(value.name, blocked);
  }

  /** What `value` is an affine map of; undefined where it is not known to be one. See `channel-affine.ts`. */
  affineForm(value: Value): AffineForm | undefined {
    return this.affineForms.get(value.name);
  }

  noteAffine(value: Value, form: AffineForm): void {
    this.affineForms.set(value.name, form);
  }

  /** Notes that the nodes added by `body` are the backward pass. */
  backward<T>(body: () => T): T {
    const start = this.nodes.length;
    const result = body();
    this.backwardNodes = { start, end: this.nodes.length };
    return result;
  }

  /** What `make` gives, made at the first call with this key. */
  once(key: string, make: () => Value): Value {
    const known = this.made.get(key);
    if (known) return known;
    const value = make();
    this.made.set(key, value);
    return value;
  }

  /** Declares `value` a graph output under `name`. */
  output(name: string, value: Value): void {
    const output = { ...value, name };
    this.claim(output);
    this.node('Identity', [value], {}, [], name);
    this.outputs.push({ value: output, name });
  }

  /**
   * A constant of the graph; equal constants are stored once.
   *
   * @param given its elements, or what makes them once their number has been found to be one that can be held
   * @throws LayerError where it cannot
   */
  constant(
    type: ElementType,
    shape: Shape,
    given: ArrayLike<number> | (() => ArrayLike<number>),
    name?: string,
  ): Value {
    const isComputed = typeof given === 'function';
    this.constantBytes += checkConstant({ type, shape, isComputed }, this.constantBytes);
    const data = isComputed ? given() : given;
    if (data.length !== elementCount(shape)) {
      throw new Error(`constant of shape [${shape.join(', ')}] got ${data.length} elements`);
    }
    const bytes = encodeElements(type, data);
    const key =
      bytes.length <= 256 && !name ? `${type}[${shape.join()}]${Buffer.from(bytes).toString('hex')}` : undefined;
    const known = key === undefined ? undefined : this.constantByKey.get(key);
    if (known) return known;
    const value = { name: name === undefined ? this.nextName('const') : this.freeName(name), shape, type };
    this.claim(value);
    this.constants.push({ value, bytes });
    if (key !== undefined) this.constantByKey.set(key, value);
    return value;
  }

  scalar(value: number): Value {
    const constant = this.constant('float', [], [value]);
    return value >= 0 ? nonNegative(constant) : constant;
  }

  ints(values: readonly number[]): Value {
    return this.constant('int64', [values.length], values);
  }

  /** Adds a node with one output. An omitted optional input is `undefined`; `domain` '' is ONNX's own. */
  op(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    shape: Shape,
    type: ElementType = inputs[0]?.type ?? 'float',
    domain = '',
  ): Value {
    const value = { name: this.nextName(op), shape, type };
    this.claim(value);
    this.node(op, inputs, attributes, [], value.name, domain);
    return value;
  }

  /** Adds a node with several outputs. */
  multi(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    outputs: readonly { shape: Shape; type: ElementType }[],
  ): Value[] {
    const base = this.nextName(op);
    const values = outputs.map((output, i) => ({ name: `${base}:${i}`, ...output }));
    values.forEach((value) => this.claim(value));
    this.node(op, inputs, attributes, values.slice(1), values[0]!.name);
    return values;
  }

  private node(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    furtherOutputs: readonly Value[],
    firstOutput: string,
    domain = '',
  ): void {
    const count = (this.nodesOf.get(this.scope) ?? 0) + 1;
    checkNodeCount(count);
    this.nodesOf.set(this.scope, count);
    const names = inputs.map((input) => input?.name ?? '');
    while (names.length && names.at(-1) === '') names.pop();
    this.nodes.push({
      op,
      domain,
      name: firstOutput,
      inputs: names,
      outputs: [firstOutput, ...furtherOutputs.map((output) => output.name)],
      attributes: new Map(
        Object.entries(attributes)
          .filter((entry) => entry[1] !== undefined)
          .map(([key, value]) => [key, toAttribute(value!)]),
      ),
    });
  }

  /** A blob may be named as a node's output would be. */
  private nextName(op: string): string {
    const name = `${this.scope}/${op}_${this.counter++}`;
    return this.isTaken(name) ? this.nextName(op) : name;
  }

  private freeName(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.isTaken(name); i++) name = `${wanted}_${i}`;
    return name;
  }

  private isTaken(name: string): boolean {
    return this.values.has(name) || this.reserved.has(name);
  }

  private claim(value: Value): void {
    checkTensor(value, this.memoryLimit);
    if (this.values.has(value.name)) throw new Error(`the graph already has a tensor named '${value.name}'`);
    this.values.set(value.name, value);
  }
}

function toAttribute(value: number | string | readonly number[] | Attribute): Attribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (Array.isArray(value)) return { kind: 'ints', value };
  return value as Attribute;
}

function encodeElements(type: ElementType, data: ArrayLike<number>): Uint8Array {
  switch (type) {
    case 'float':
      return bytesOf(data instanceof Float32Array ? data : Float32Array.from(data));
    case 'int32':
      return bytesOf(data instanceof Int32Array ? data : Int32Array.from(data));
    case 'int64':
      return bytesOf(int64Words(data));
    case 'int8':
      return bytesOf(data instanceof Int8Array ? data : Int8Array.from(data));
    case 'uint8':
    case 'bool':
      return bytesOf(data instanceof Uint8Array ? data : Uint8Array.from(data));
  }
}

/** Little-endian halves of safe integers: a BigInt each would take a hundred times as long. */
function int64Words(data: ArrayLike<number>): Int32Array {
  const words = new Int32Array(2 * data.length);
  for (let i = 0; i < data.length; i++) {
    words[2 * i] = data[i]!;
    words[2 * i + 1] = Math.floor(data[i]! / 2 ** 32);
  }
  return words;
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
