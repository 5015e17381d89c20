/**
 * Findings that one line of the config causes in many layers, told once with the layers' names: `channel_wise: true` in
 * the global settings reaches every InnerProduct of the net.
 */
import type { GraphLayer } from '@caffe-quant/caffe-io';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { layersOf } from './wording.ts';

/** What is told; `layers` is their names with their lines. */
type Telling = (layers: string) => Pick<Diagnostic, 'severity' | 'message'> & { hint?: string };

export interface Finding {
  code: string;
  layer: GraphLayer;
  at: { file: string; line?: number; column?: number };
  tell: Telling;
  /** Findings of one code at one place are told apart by this. */
  apart?: string;
}

export class Findings {
  readonly #found = new Map<string, Finding & { layers: GraphLayer[] }>();

  add(finding: Finding): void {
    const { code, layer, at, apart } = finding;
    const key = JSON.stringify([code, at.line, at.column, apart]);
    const known = this.#found.get(key);
    if (known) known.layers.push(layer);
    else this.#found.set(key, { ...finding, layers: [layer] });
  }

  /** The diagnostics, in the order in which they were first found; one about a single layer carries its name. */
  diagnostics(): Diagnostic[] {
    return [...this.#found.values()].map(({ code, layer, layers, at, tell }) => ({
      code,
      ...tell(layersOf(layers)),
      file: at.file,
      ...(at.line !== undefined && { line: at.line }),
      ...(at.column !== undefined && { column: at.column }),
      ...(layers.length === 1 && { layer: layer.name }),
    }));
  }
}
