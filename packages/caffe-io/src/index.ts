export type * from './generated/caffe.ts';
export { descriptor as caffeDescriptor } from './generated/caffe.ts';
export * from './data/index.ts';
