import type { CreateNodes } from '@nx/devkit';
export const createNodes: CreateNodes = ['workspace.json', (files) => files.map(f => [f, { projects: { 'models/model': { name: 'model', root: 'models/model', targets: { r: { executor: '@caffe-quant/nx:quantize-resolve' } } } } }])];
export const createNodesV2 = createNodes;
