/** What is to be known of layers without running any: nothing here loads the engine. */
export { checkNet } from './net/check-net.ts';
export { isDataLayer, layerTypeOf } from './layers/registry.ts';
export { namedFiles } from './net/named-files.ts';
