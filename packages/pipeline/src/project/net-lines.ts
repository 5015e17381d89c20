import type { NetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import type { Project } from './project.ts';

type ProjectNet = Pick<Project, 'isNetAsWritten' | 'netFiles' | 'train' | 'test'>;

/**
 * Does work on the project's net in one text, which messages are to know as the TEST net's file; those about a layer name its
 * place in the user's own prototxt, whatever that text is.
 */
export function reportedInFiles<T>(project: ProjectNet, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    throw new DiagnosticsError(inFiles(project, error.diagnostics));
  }
}

/** Diagnostics that have lines of the one text, with those of the files. */
export function inFiles(project: ProjectNet, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  if (project.isNetAsWritten) return [...diagnostics];
  const { netFiles, test, train } = project;
  return diagnostics.map((diagnostic) => {
    if (diagnostic.file !== netFiles.TEST.shown) return diagnostic;
    const { line: _, column: __, ...plain } = diagnostic;
    const graph = [test, train].find(({ layers }) => layers.some(({ name }) => name === diagnostic.layer));
    const line = graph?.layers.find(({ name }) => name === diagnostic.layer)?.line;
    return graph ? { ...plain, file: graph.file, ...(line !== undefined && { line }) } : plain;
  });
}

/** A net made of the one text, its layers with the lines of the TEST net's file. */
export function withLinesOfFile({ isNetAsWritten, test }: ProjectNet, graph: NetGraph): NetGraph {
  if (isNetAsWritten) return graph;
  const lines = new Map(test.layers.map(({ name, line }) => [name, line]));
  const layers = graph.layers.map(({ line: _, ...layer }) => {
    const line = lines.get(layer.name);
    return { ...layer, ...(line !== undefined && { line }) };
  });
  return { ...graph, layers };
}
