import {
  buildNetGraph,
  dialectSchema,
  type LayerParameter,
  type NetGraph,
  type NetParameter,
  type Phase,
  readNetText,
  settingsOf,
} from '@caffe-quant/caffe-io';
import { convolutionOfType } from '@caffe-quant/kernels/layer-types';
import {
  appendField,
  bindMessage,
  type Diagnostic,
  DiagnosticsError,
  fieldsOf,
  formatField,
  formatMessage,
  type MessageSchema,
  hasErrors,
  insertAfter,
  insertBefore,
  messagesOf,
  type MessageNode,
  parseText,
  printText,
  removeField,
  replaceField,
  setScalar,
  type TextDocument,
} from 'caffe-prototxt-parser';

/** A prototxt: its text, and the name that messages about it show. */
export interface NetSource {
  text: string;
  file: string;
}

/** A layer of a net that is open for edits: what it says, and where it stands in the text. */
export interface EditableLayer {
  readonly param: LayerParameter;
  readonly node: MessageNode;
}

/**
 * A prototxt open for edits that keep its comments, order and layout. A net of an older form is rewritten in today's form
 * first, since the layers to insert have none in the old ones.
 *
 * Edits change the text alone: `net` and `layers` show the net as it was opened.
 */
export class EditableNet {
  readonly file: string;
  readonly net: NetParameter;
  readonly layers: readonly EditableLayer[];
  readonly #document: TextDocument;
  /** Of the net's dialect: a fork's layers have a fork's fields. */
  readonly #schema: MessageSchema;
  readonly #locate: ReturnType<typeof readNetText>['locate'];
  readonly #layerNames: Set<string>;
  readonly #blobNames: Set<string>;
  readonly #insertedNames = new Map<string, string>();
  /** What the text is, where it was written here. */
  readonly #own: string | undefined;

  private constructor({ text, file }: NetSource, own?: string) {
    const read = readNetText(text, file);
    const schema = dialectSchema(read.dialect, 'NetParameter');
    this.#own = own;
    if (hasErrors(read.diagnostics)) throw this.#error(read.diagnostics, new Map([[file, text]]));
    const canonical = formatMessage(read.net, schema);
    const asWritten = bindMessage(read.document, schema).message;
    const isOfToday = formatMessage(asWritten, schema) === canonical;
    this.file = file;
    this.#schema = schema;
    this.net = read.net;
    this.#locate = read.locate;
    this.#document = isOfToday ? read.document : parseText(canonical, { file }).document;
    const nodes = messagesOf(this.#document, 'layer');
    this.layers = read.net.layer.map((param, i) => ({ param, node: nodes[i]! }));
    this.#layerNames = new Set(read.net.layer.map(({ name }) => name ?? ''));
    this.#blobNames = new Set(read.net.layer.flatMap(({ bottom, top }) => [...bottom, ...top]));
  }

  /** @throws DiagnosticsError where the text has errors. */
  static open(source: NetSource): EditableNet {
    return new EditableNet(source);
  }

  /**
   * A text that was written here: an error in it is a fault of this program, and its lines are not lines of the user's file.
   *
   * @param what the text is, for that error.
   * @throws Error where the text has errors, or its layers do not fit together.
   */
  static openOwn(source: NetSource, what: string): EditableNet {
    return new EditableNet(source, what);
  }

  /**
   * The net in one phase.
   * @throws DiagnosticsError where its layers do not fit together; a phase without layers is not an error.
   */
  graph(phase: Phase): NetGraph {
    const { graph, diagnostics } = this.#build(phase);
    const errors = diagnostics.filter(({ code }) => code !== 'empty-net');
    if (hasErrors(errors)) throw this.#error(errors);
    return graph;
  }

  #error(diagnostics: readonly Diagnostic[], texts?: ReadonlyMap<string, string>): Error {
    if (this.#own === undefined) return new DiagnosticsError(diagnostics, texts);
    const { line, message } = diagnostics.find(({ severity }) => severity === 'error')!;
    const place = line === undefined ? this.#own : `${this.#own}, line ${line}`;
    return new Error(`internal error: ${place}: ${message}`);
  }

  /** The net in one phase as far as its layers fit together. */
  tryGraph(phase: Phase): NetGraph {
    return this.#build(phase).graph;
  }

  #build(phase: Phase) {
    return buildNetGraph(this.net, { file: this.file, phase, locate: this.#locate });
  }

  #snippet(param: LayerParameter): string {
    return formatField('layer', param, this.#schema);
  }

  /** `name`, or with a number behind it where a layer or blob has that name already; from now on it is taken. */
  freeName(kind: 'layer' | 'blob', name: string): string {
    const taken = kind === 'layer' ? this.#layerNames : this.#blobNames;
    let free = name;
    for (let i = 1; taken.has(free); i++) free = `${name}_${i}`;
    taken.add(free);
    return free;
  }

  /**
   * The free name for a layer or blob to insert; the same for the same `name`, so that what is inserted beside a layer that
   * stands in the net twice, once for each phase, is one layer with one set of weights there too.
   */
  insertedName(kind: 'layer' | 'blob', name: string): string {
    const key = `${kind} ${name}`;
    const known = this.#insertedNames.get(key) ?? this.freeName(kind, name);
    this.#insertedNames.set(key, known);
    return known;
  }

  insertBefore(layer: EditableLayer, param: LayerParameter): void {
    insertBefore(layer.node, this.#snippet(param));
  }

  insertAfter(layer: EditableLayer, param: LayerParameter): void {
    insertAfter(layer.node, this.#snippet(param));
  }

  replace(layer: EditableLayer, param: LayerParameter): void {
    replaceField(layer.node, this.#snippet(param));
  }

  remove(layer: EditableLayer): void {
    removeField(layer.node);
  }

  /** Gives bottom or top `index` of a layer another blob. */
  rename(layer: EditableLayer, end: 'bottom' | 'top', index: number, blob: string): void {
    setScalar(layer.node, end, blob, index);
  }

  /** Names parameter `index` of a layer, so that another layer can share it; layers without settings for it get some. */
  nameParameter({ node, param }: EditableLayer, index: number, name: string): void {
    const settings = messagesOf(node, 'param');
    for (let i = settings.length; i <= index; i++) {
      appendField(node, i === index ? `param { name: ${JSON.stringify(name)} }` : 'param { }');
    }
    if (index < settings.length && param.param[index]?.name !== name) setScalar(settings[index]!, 'name', name);
  }

  /** Takes the names off a layer's parameters: it shares them no more. */
  unshare({ node }: EditableLayer): void {
    for (const settings of messagesOf(node, 'param')) fieldsOf(settings, 'name').forEach((field) => removeField(field));
  }

  /** Makes a depthwise layer of a fork the Convolution that it stands for: as many groups as outputs where it names none. */
  makeConvolution({ node, param }: EditableLayer, outputs: number): void {
    setScalar(node, 'type', 'Convolution');
    const [settings] = messagesOf(node, 'convolution_param');
    if (!settings) return;
    const { group, numOutput } = settingsOf(convolutionOfType(param.type ?? '')!, param);
    if (numOutput === undefined) appendField(settings, `num_output: ${outputs}`);
    if (group === undefined) appendField(settings, `group: ${outputs}`);
  }

  /** Takes `normalize` off an InnerProduct. */
  takeNormalizeOff({ node }: EditableLayer): void {
    for (const settings of messagesOf(node, 'inner_product_param')) {
      fieldsOf(settings, 'normalize').forEach((field) => removeField(field));
    }
  }

  /** Gives a convolution biases where it was told to have none. */
  addBias({ node }: EditableLayer): void {
    for (const settings of messagesOf(node, 'convolution_param')) {
      fieldsOf(settings, 'bias_term').forEach((field) => removeField(field));
    }
  }

  /** The prototxt with all edits. */
  text(): string {
    return printText(this.#document);
  }
}
