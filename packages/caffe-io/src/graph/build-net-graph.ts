import { type Diagnostic, nearest, type Position } from 'caffe-prototxt-parser';
import type { LayerParameter, NetParameter, Phase } from '../generated/caffe.ts';
import { AUTOMATIC_TOP, isLossLayer } from './loss-layers.ts';
import type { BlobVersion, GraphLayer, NetGraph } from './net-graph.ts';
import { isIncluded } from './net-state.ts';
import { explainUnknownBottom } from './unknown-bottom.ts';

export interface NetGraphOptions {
  /** The prototxt, for the diagnostics. */
  file: string;
  phase: Phase;
  /** Stages in addition to those in the net's own `state`. */
  stages?: readonly string[];
  /** Default: the level in the net's own `state`, or 0. */
  level?: number;
  /** Where a message, or a field of it, stands in the prototxt; as `readNetText` gives it. */
  locate?: ((message: object, field?: string, index?: number) => Position | undefined) | undefined;
}

/** Of ASCII; DEL is one of them. */
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Layers that only write their bottoms to files: of Caffe, of DeepLab and of FlowNet. */
const WRITERS: ReadonlySet<string> = new Set(['HDF5Output', 'MatWrite', 'FLOWriter', 'ImgWriter']);

/**
 * Joins the layers that a phase includes by their blobs, as Net::Init does in BVLC Caffe's src/caffe/net.cpp. Expects
 * today's form of the net, as `upgradeNet` makes it.
 *
 * A graph comes back even where there are errors: a bottom that nothing makes has no producer, and a top that is made
 * twice gets a version of its own. Layers that only write files are left out: what they read is an output of the net, unless
 * other layers read it too.
 */
export function buildNetGraph(
  net: NetParameter,
  options: NetGraphOptions,
): { graph: NetGraph; diagnostics: Diagnostic[] } {
  const builder = new GraphBuilder(net, options);
  const { layers, diagnostics } = builder;
  return { graph: { name: net.name ?? '', phase: options.phase, file: options.file, layers }, diagnostics };
}

class GraphBuilder {
  readonly layers: GraphLayer[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #net: NetParameter;
  readonly #options: NetGraphOptions;
  readonly #params: readonly LayerParameter[];
  readonly #current = new Map<string, BlobVersion>();
  /** What no id of a later version may be: names of blobs in any phase, and other such ids. */
  readonly #names: Set<string>;

  constructor(net: NetParameter, options: NetGraphOptions) {
    this.#net = net;
    this.#options = options;
    const stages = new Set([...(net.state?.stage ?? []), ...(options.stages ?? [])]);
    const state = { phase: options.phase, level: options.level ?? net.state?.level ?? 0, stages };
    this.#names = new Set(net.layer.flatMap(({ bottom, top }) => [...bottom, ...top]));
    const included = net.layer.filter((layer) => isIncluded(layer, state));
    this.#params = included.filter(({ type = '' }) => !WRITERS.has(type));
    for (const layer of included) if (WRITERS.has(layer.type ?? '')) this.#reportSkipped(layer);
    for (const layer of net.layer) this.#checkRules(layer);
    if (this.#params.length === 0) this.#reportEmpty();
    this.#checkNames();
    this.#checkCharacters();
    for (const [index, param] of this.#params.entries()) this.#add(param, index);
  }

  #add(param: LayerParameter, index: number): void {
    const { name = '', type = '' } = param;
    if (type === '') this.#report(param, 'type', undefined, 'missing-type', `layer "${name}" has no type`);
    const bottoms = param.bottom.map((bottom, i) => this.#current.get(bottom) ?? this.#unknownBottom(param, index, i));
    const tops = param.top.map((top, i) => this.#write(param, index, i, top, bottoms[i]));
    if (tops.length === 0 && isLossLayer(type)) tops.push(this.#next(AUTOMATIC_TOP, index));
    const line = this.#locate(param)?.line;
    this.layers.push({ index, name, type, param, bottoms, tops, ...(line === undefined ? {} : { line }) });
  }

  #write(param: LayerParameter, index: number, topIndex: number, top: string, bottom?: BlobVersion): BlobVersion {
    const before = this.#current.get(top);
    if (before !== undefined && bottom?.name !== top) {
      const producer = this.#params[before.producer ?? 0];
      const where = this.#lineOf(producer);
      this.#report(
        param,
        'top',
        topIndex,
        'duplicate-top',
        `layer "${param.name ?? ''}" makes the blob "${top}", which layer "${producer?.name ?? ''}"${where} made already`,
        producer?.type === 'Input'
          ? 'a blob comes from outside or from a layer: remove one of the two'
          : 'give the top a name of its own, or make it the bottom of the same place to work in place',
      );
    }
    return this.#next(top, index, bottom?.name === top ? bottom : before);
  }

  #next(name: string, producer: number, before = this.#current.get(name)): BlobVersion {
    const version = before === undefined ? 0 : before.version + 1;
    const blob = { name, version, id: version === 0 ? name : this.#idOf(name, version), producer };
    this.#current.set(name, blob);
    return blob;
  }

  /** `name@version`, with as many `@` as it takes to be no name of a blob, and no other id. */
  #idOf(name: string, version: number): string {
    for (let at = '@'; ; at += '@') {
      const id = `${name}${at}${version}`;
      if (this.#names.has(id)) continue;
      this.#names.add(id);
      return id;
    }
  }

  #unknownBottom(param: LayerParameter, index: number, bottomIndex: number): BlobVersion {
    const name = param.bottom[bottomIndex] ?? '';
    const { code, message, hint } = explainUnknownBottom({
      name,
      index,
      included: this.#params,
      all: this.#net.layer,
      suggestion: nearest(name, this.#current.keys()),
      phase: this.#options.phase,
      lineOf: (layer) => this.#lineOf(layer),
    });
    this.#report(param, 'bottom', bottomIndex, code, message, hint);
    return { name, version: 0, id: name, producer: undefined };
  }

  #checkRules(layer: LayerParameter): void {
    if (layer.include.length === 0 || layer.exclude.length === 0) return;
    const message = `layer "${layer.name ?? ''}" has both \`include\` and \`exclude\` rules`;
    this.#report(layer, 'exclude', 0, 'include-and-exclude', message, 'Caffe allows one of them');
  }

  #checkNames(): void {
    const first = new Map<string, LayerParameter>();
    for (const layer of this.#params) {
      const { name = '' } = layer;
      const before = first.get(name);
      if (before === undefined) first.set(name, layer);
      else {
        const message = `there are two layers named "${name}" in ${this.#options.phase}${this.#lineOf(before, '; the first is')}`;
        const hint = 'weights and settings go by name; give the layer another one';
        this.#report(layer, 'name', undefined, 'duplicate-layer', message, hint, 'warning');
      }
    }
  }

  /** Names go into files, into messages and through C strings. */
  #checkCharacters(): void {
    for (const layer of this.#params) {
      const named = [
        ...[layer.name ?? ''].map((name) => ['name', undefined, name] as const),
        ...layer.bottom.map((name, i) => ['bottom', i, name] as const),
        ...layer.top.map((name, i) => ['top', i, name] as const),
      ];
      const [bad] = named.filter(([, , name]) => CONTROL.test(name));
      if (!bad) continue;
      const [field, index, name] = bad;
      const message = `the ${field} ${JSON.stringify(name)} has a control character: such a name cannot be written down`;
      this.#report(layer, field, index, 'control-character', message);
    }
  }

  #reportSkipped(layer: LayerParameter): void {
    const message = `left out: ${layer.type} layers write files and deliver nothing`;
    this.#report(layer, 'type', undefined, 'layer-skipped', message, undefined, 'info');
  }

  #reportEmpty(): void {
    const { file, phase } = this.#options;
    const message = this.#net.layer.length === 0 ? 'the net has no layers' : `no layer is included in ${phase}`;
    this.diagnostics.push({ code: 'empty-net', severity: 'error', message, file });
  }

  #locate(message: object, field?: string, index?: number): Position | undefined {
    const { locate } = this.#options;
    return locate?.(message, field, index) ?? locate?.(message);
  }

  /** ` (line 12)`, or with other words before the line. */
  #lineOf(layer: LayerParameter | undefined, words?: string): string {
    const line = layer && this.#locate(layer)?.line;
    if (line === undefined) return '';
    return words === undefined ? ` (line ${line})` : `${words} in line ${line}`;
  }

  #report(
    layer: LayerParameter,
    field: string,
    index: number | undefined,
    code: string,
    message: string,
    hint?: string,
    severity: Diagnostic['severity'] = 'error',
  ): void {
    this.diagnostics.push({
      code,
      severity,
      message,
      file: this.#options.file,
      ...this.#locate(layer, field, index),
      layer: layer.name ?? '',
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
