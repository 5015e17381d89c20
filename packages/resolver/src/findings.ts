/**
 * Findings that one line of the config causes in many layers, told once with the layers' names: `channel_wise: true` in
 * the global settings reaches every InnerProduct of the net.
 */
import type { GraphLayer } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { layersOf } from './wording.ts';

interface Finding {
  layers: GraphLayer[];
  tell: (layers: string) => Omit<Diagnostic, 'file' | 'line' | 'column' | 'layer'>;
  at: { file: string; line?: number; column?: number };
}

export class Findings {
  readonly #found = new Map<string, Finding>();

  /** Adds a layer to the finding of that code at that place; `tell` makes its text of the layers' names. */
  add(
    code: string,
    layer: GraphLayer,
    at: Finding['at'],
    tell: (layers: string) => Omit<Diagnostic, 'code' | 'file' | 'line' | 'column' | 'layer'>,
  ): void {
    const key = `${code}:${at.line ?? ''}:${at.column ?? ''}`;
    const finding = this.#found.get(key);
    if (finding) finding.layers.push(layer);
    else this.#found.set(key, { layers: [layer], at, tell: (layers) => ({ code, ...tell(layers) }) });
  }

  /** The diagnostics, in the order in which they were first found; one about a single layer carries its name. */
  diagnostics(): Diagnostic[] {
    return [...this.#found.values()].map(({ layers, at, tell }) => ({
      ...tell(layersOf(layers)),
      file: at.file,
      ...(at.line !== undefined && { line: at.line }),
      ...(at.column !== undefined && { column: at.column }),
      ...(layers.length === 1 && { layer: (layers[0] as GraphLayer).name }),
    }));
  }
}
