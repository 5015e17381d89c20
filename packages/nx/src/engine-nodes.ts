import type { ProjectGraphExternalNode } from '@nx/devkit';
import type { InstalledEngine } from '@caffe-quant/pipeline/graph-time';

/**
 * Nodes of the project graph that stand for what computes the stages. Nx has inputs for npm packages, but those would
 * bring in the versions of all their dependencies, Nx among them, and do not work for a linked package or one in
 * `.nx/installation`.
 */
export const ENGINE_NODE = 'caffe-quant:engine';

/** For the stages that compute no numbers: a new version of the packages may write other files. */
export const PACKAGES_NODE = 'caffe-quant:packages';

export function engineNodes(engine: InstalledEngine): Record<string, ProjectGraphExternalNode> {
  const { numericsVersion, onnxruntime, imageDecoder, version } = engine;
  return {
    [ENGINE_NODE]: node(ENGINE_NODE, `numerics ${numericsVersion}, onnxruntime ${onnxruntime}, sharp ${imageDecoder}`),
    [PACKAGES_NODE]: node(PACKAGES_NODE, version),
  };
}

function node(name: string, version: string): ProjectGraphExternalNode {
  // Nx lets every kind of node be external, but its type knows npm's alone.
  return { type: 'npm', name: name as `npm:${string}`, data: { version, packageName: name, hash: version } };
}
