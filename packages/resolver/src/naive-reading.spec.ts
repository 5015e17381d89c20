/** The plan against a direct, naive reading of the rules, on random nets and configs. */
import fc from 'fast-check';
import type { Compat } from './plan.ts';
import { DATA, LEAST, layer } from './testing/nets.ts';
import { resolve } from './testing/resolve.ts';

interface Half {
  clip?: number;
  fixedMin?: boolean;
}
interface Override {
  target: string;
  data?: Half;
  channelWise?: boolean | 'none';
}
interface Config {
  data?: Half;
  channelWise?: boolean | 'none';
  skips: string[];
  quantSkips: string[];
  skipTypes: string[];
  names: Override[];
  types: Override[];
}
interface Layer {
  name: string;
  type: 'Convolution' | 'Deconvolution' | 'InnerProduct' | 'Pooling' | 'ReLU' | 'Dropout' | 'PReLU';
  /** The layer writes the blob that it reads. */
  inPlace: boolean;
}

const TYPES = ['Convolution', 'Deconvolution', 'InnerProduct', 'Pooling'];
const NAMES = ['l0', 'l1', 'l2', 'l3', 'l4', 'l5'];
const net = fc
  .array(
    fc.record({
      type: fc.constantFrom<Layer['type']>(
        'Convolution',
        'Deconvolution',
        'InnerProduct',
        'Pooling',
        'ReLU',
        'Dropout',
        'PReLU',
      ),
      inPlace: fc.boolean(),
    }),
    { minLength: NAMES.length, maxLength: NAMES.length },
  )
  .map((layers) =>
    layers.map(({ type, inPlace }, i): Layer => ({ name: `l${i}`, type, inPlace: inPlace && !TYPES.includes(type) })),
  );
const half = fc.record({ clip: fc.integer({ min: 1, max: 9 }), fixedMin: fc.boolean() }, { requiredKeys: [] });
const channelWise = fc.constantFrom<boolean | 'none'>(true, false, 'none');
const override = (targets: string[]) =>
  fc.record({ target: fc.constantFrom(...targets), data: half, channelWise }, { requiredKeys: ['target'] });
const config: fc.Arbitrary<Config> = fc.record({ data: half, channelWise }, { requiredKeys: [] }).chain((globals) =>
  fc
    .record({
      skips: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
      quantSkips: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 1 }),
      skipTypes: fc.uniqueArray(fc.constantFrom(...TYPES), { maxLength: 1 }),
      names: fc.uniqueArray(override(NAMES), { maxLength: 2, selector: ({ target }) => target }),
      types: fc.uniqueArray(override(TYPES), { maxLength: 2, selector: ({ target }) => target }),
    })
    .map((lists) => ({ ...globals, ...lists })),
);

describe('the plan is what the rules say, word by word', () => {
  it.each<[Compat, (layer: string, type: string, config: Config) => Naive]>([
    ['documented', documented],
    ['amct', amct],
  ])('compat %s', (compat, read) => {
    fc.assert(
      fc.property(net, config, (layers, cfg) => {
        const { plan } = resolve(netText(layers), cfgText(cfg), compat);
        const expected = layers.map((layer, i) =>
          expectedLine(
            layer,
            TYPES.includes(layer.type) ? read(layer.name, layer.type, cfg) : '-',
            comesFromRelu(layers, i),
          ),
        );
        const actual = plan.layers
          .slice(1)
          .map(({ name, data, weight }) =>
            data
              ? `${name} ${data.clip ? `${data.clip.min}..${data.clip.max}` : 'IFMR'} ${data.fixedMin} ${weight?.channelWise ?? 'no weights'}`
              : `${name} -`,
          );
        expect(actual).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

/** `-`: stays float. */
type Naive = '-' | { data: Half; channelWise: boolean | 'none' };

/** A contradiction leaves the layer as it is; that it is an error, too, other tests show. */
function documented(layer: string, type: string, config: Config): Naive {
  const named = config.names.find(({ target }) => target === layer);
  const typed = config.types.find(({ target }) => target === type);
  const skippedByName = config.skips.includes(layer) || config.quantSkips.includes(layer);
  const skippedByType = config.skipTypes.includes(type);
  if (skippedByName) return '-';
  if (skippedByType && named === undefined) return '-';
  return {
    data: named?.data ?? typed?.data ?? config.data ?? {},
    channelWise: named?.channelWise ?? typed?.channelWise ?? config.channelWise ?? 'none',
  };
}

function amct(layer: string, type: string, config: Config): Naive {
  const named = config.names.find(({ target }) => target === layer);
  const typed = config.types.find(({ target }) => target === type);
  if (named) return { data: named.data ?? {}, channelWise: named.channelWise ?? 'none' };
  if (typed) return { data: typed.data ?? {}, channelWise: typed.channelWise ?? 'none' };
  if (config.skips.includes(layer) || config.quantSkips.includes(layer) || config.skipTypes.includes(type)) return '-';
  return { data: config.data ?? {}, channelWise: config.channelWise ?? 'none' };
}

function expectedLine({ name, type }: Layer, naive: Naive, afterRelu: boolean): string {
  if (naive === '-') return `${name} -`;
  const { clip, fixedMin } = naive.data;
  const perChannel =
    naive.channelWise === 'none' ? type !== 'InnerProduct' : naive.channelWise && type !== 'InnerProduct';
  return `${name} ${clip === undefined ? 'IFMR' : `-${clip}..${clip}`} ${fixedMin ?? afterRelu} ${type === 'Pooling' ? 'no weights' : perChannel}`;
}

/** The layers form a chain: the last writer of a layer's input is the layer before it. */
function comesFromRelu(layers: Layer[], i: number): boolean {
  return layers[i - 1]?.type === 'ReLU';
}

function netText(layers: Layer[]): string {
  let blob = 'data';
  let text = DATA;
  for (const { name, type, inPlace } of layers) {
    const top = inPlace ? blob : name;
    const rest = LEAST[type] ?? '';
    text += layer(name, type, blob, top, rest);
    blob = top;
  }
  return text;
}

function cfgText({ data, channelWise, skips, quantSkips, skipTypes, names, types }: Config): string {
  return [
    halvesText(data, channelWise),
    ...skips.map((name) => `skip_layers: "${name}"`),
    ...quantSkips.map((name) => `quant_skip_layers: "${name}"`),
    ...skipTypes.map((type) => `quant_skip_types: "${type}"`),
    ...names.map(
      ({ target, data, channelWise }) =>
        `override_layer_configs { layer_name: "${target}" ${halvesText(data, channelWise)} }`,
    ),
    ...types.map(
      ({ target, data, channelWise }) =>
        `override_layer_types { layer_type: "${target}" ${halvesText(data, channelWise)} }`,
    ),
  ].join('\n');
}

function halvesText(data: Half | undefined, channelWise: boolean | 'none' | undefined): string {
  const clip = data?.clip === undefined ? '' : `clip_max_min { clip_max: ${data.clip} clip_min: -${data.clip} }`;
  const fixedMin = data?.fixedMin === undefined ? '' : `fixed_min: ${data.fixedMin}`;
  return [
    data ? `retrain_data_quant_config { ulq_quantize { ${clip} ${fixedMin} } }` : '',
    channelWise === undefined
      ? ''
      : `retrain_weight_quant_config { arq_retrain { ${channelWise === 'none' ? '' : `channel_wise: ${channelWise}`} } }`,
  ].join(' ');
}
