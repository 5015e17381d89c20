import { buildNetGraph } from '@caffe-quant/caffe-io';
import { DiagnosticsError } from 'caffe-prototxt-parser';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { parseNet } from '../testing/parse-layer.ts';
import { lowerNet } from './lower-net.ts';

function lower(layer: string) {
  const net = parseNet(`layer { name: "in" type: "Input" top: "x" } layer { name: "k" ${layer} top: "y" }`);
  const { graph } = buildNetGraph(net, { file: 'net.prototxt', phase: 'TEST' });
  return lowerNet(new GraphBuilder(), graph, { inputShapes: new Map([['x', [2, 3]]]) });
}

test.each([
  [
    'a top',
    'type: "Tile" bottom: "x" tile_param { tiles: 1000000000 }',
    "Tile: its top 'y' [2, 3000000000] has more elements than a blob can have, 2147483647",
  ],
  [
    'weights',
    'type: "InnerProduct" bottom: "x" inner_product_param { num_output: 1000000000 }',
    'InnerProduct: its blob 0 [1000000000, 3] has more elements than a blob can have, 2147483647',
  ],
  [
    'a blob without bottoms',
    'type: "Parameter" parameter_param { shape { dim: 100000 dim: 100000 } }',
    'Parameter: its blob 0 [100000, 100000] has more elements than a blob can have, 2147483647',
  ],
])('%s larger than Caffe allows is refused before anything is computed', (_, layer, message) => {
  expect(() => lower(layer)).toThrow(DiagnosticsError);
  expect(() => lower(layer)).toThrow(`net.prototxt: error: layer \`k\`: ${message}`);
});

test('the largest blob is none too large', () => {
  const { blobs } = lower('type: "Tile" bottom: "x" tile_param { tiles: 357913941 }');
  expect(blobs.get('y')?.shape).toEqual([2, 1_073_741_823]);
});
