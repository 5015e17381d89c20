import { buildNetGraph } from '@caffe-quant/caffe-io';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { smallShapes } from '../testing/small-net.ts';
import { differentiate } from './differentiate.ts';
import { lowerNet } from './lower-net.ts';

/** Keys of the parameters that have a gradient, with `settings` on the second of three InnerProducts. */
function learners(settings: string, loss = ''): string[] {
  const ip = (name: string, bottom: string, more = '') => `
    layer { name: "${name}" type: "InnerProduct" bottom: "${bottom}" top: "${name}" ${more}
            inner_product_param { num_output: 4 bias_term: false } }`;
  const text = `
    layer { name: "in" type: "Input" top: "data" top: "label" }
    ${ip('a', 'data')} ${ip('b', 'a', settings)} ${ip('c', 'b')}
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "c" bottom: "label" top: "loss" ${loss} }`;
  const { graph } = buildNetGraph(parseNet(text), { file: 'net.prototxt', phase: 'TRAIN' });
  const g = new GraphBuilder();
  return [...differentiate(g, lowerNet(g, graph, { inputShapes: smallShapes(4) })).params.keys()].sort();
}

test.each([
  ['nothing set', '', '', ['a/0', 'b/0', 'c/0']],
  ['lr_mult: 0 freezes one layer and lets gradients through', 'param { lr_mult: 0 }', '', ['a/0', 'c/0']],
  ['propagate_down: false ends the way back', 'propagate_down: false', '', ['b/0', 'c/0']],
  ['propagate_down: true changes nothing', 'propagate_down: true', '', ['a/0', 'b/0', 'c/0']],
  ['a loss that is not propagated teaches nothing', '', 'propagate_down: false propagate_down: false', []],
])('%s', (_name, settings, loss, expected) => {
  expect(learners(settings, loss)).toEqual(expected);
});
