import { readNetText } from '../read-net-text.ts';
import { readCaffemodel } from './read-caffemodel.ts';
import { writeCaffemodel } from './write-caffemodel.ts';

const NET = `
  layer { name: "own" type: "Pooling" bottom: "a" top: "b" pooling_param { pool: AVE kernel_size: 3 } }
  layer { name: "fork" type: "Pooling" bottom: "b" top: "c" pooling_param { pool: AVE_EXC_PAD kernel_size: 3 } }`;

test('a description that the dialect cannot say is left out whole, and never by half', () => {
  const layers = readNetText(NET, 'net.prototxt').net.layer.map((param) => ({
    ...{ name: param.name!, type: param.type!, blobs: [], param },
  }));
  const described = (dialect: 'bvlc' | 'synopsys') =>
    readCaffemodel(writeCaffemodel({ layers, dialect }), 'net.caffemodel', { dialect }).layers.map(
      ({ name, type, param }) => [
        ...[name, type, param?.top, param?.pooling_param?.pool, param?.pooling_param?.kernel_size],
      ],
    );
  const own = ['own', 'Pooling', ['b'], 'AVE', 3];
  expect(described('bvlc')).toEqual([own, ['fork', 'Pooling', ['c'], undefined, undefined]]);
  expect(described('synopsys')).toEqual([own, ['fork', 'Pooling', ['c'], 'AVE_EXC_PAD', 3]]);
});
