/** Ranges of data quantizers by their names. */
export type Ranges = Readonly<Record<string, { max: number; min: number }>>;

/** A way from the float net to an int8 one. */
export interface Recipe {
  label: string;
  /** Whether it trains. PyTorch then does the same. */
  retrains: boolean;
  channelWise: boolean;
  /** What part of the ranges that IFMR finds training starts from. */
  ofRange: number;
  /** Options of `caffe-quant export` beside those of all recipes. */
  options: readonly string[];
}

const calibrated = (label: string, channelWise: boolean, ...options: string[]): Recipe => ({
  ...{ label: `${label}, ${per(channelWise)}`, retrains: false, channelWise, ofRange: 1, options },
});
const retrained = (label: string, channelWise: boolean, ofRange: number): Recipe => ({
  ...{ label: `${label}, ${per(channelWise)}`, retrains: true, channelWise, ofRange, options: [] },
});
const per = (channelWise: boolean): string => (channelWise ? 'per channel' : 'per tensor');

const EQUALIZED = '--cross-layer-equalization';
const CORRECTED = '--bias-correction';

/** In the order of their doing; the first one finds the ranges that training starts from. */
export const RECIPES: readonly Recipe[] = [
  calibrated('IFMR', true),
  retrained('from IFMR', true, 1),
  retrained('from halved ranges', true, 0.5),
  retrained('from IFMR', false, 1),
  retrained('from halved ranges', false, 0.5),
  calibrated('IFMR', false),
  calibrated('percentile', true, '--calibration-method', 'percentile'),
  calibrated('MSE', true, '--calibration-method', 'mse'),
  calibrated('KL', true, '--calibration-method', 'kl'),
  calibrated('IFMR, bias corrected', true, CORRECTED),
  calibrated('IFMR, equalized, bias corrected', true, EQUALIZED, CORRECTED),
  calibrated('IFMR, equalized', false, EQUALIZED),
  calibrated('IFMR, bias corrected', false, CORRECTED),
  calibrated('IFMR, equalized, bias corrected', false, EQUALIZED, CORRECTED),
];

/** The `quant.cfg` of a recipe. IFMR's own ranges are found by the run itself; others are written down. */
export function configText({ channelWise, ofRange }: Recipe, ranges: Ranges): string {
  const weights = (isChannelWise: boolean) =>
    `retrain_weight_quant_config { arq_retrain { channel_wise: ${isChannelWise} } }`;
  const own = Object.entries(ranges).map(
    ([layer, range]) => `override_layer_configs { layer_name: "${layer}"
  retrain_data_quant_config { ulq_quantize { ${rangeText(range, ofRange)} } } }`,
  );
  return [
    `retrain_data_quant_config { ulq_quantize { } }`,
    weights(channelWise),
    // AMCT has no channels there.
    `override_layer_types { layer_type: "InnerProduct" ${weights(false)} }`,
    ...(ofRange === 1 ? [] : own),
    '',
  ].join('\n');
}

/** An input without negative values keeps 0 as its lower end: quant.cfg takes no other clip_min but a negative one. */
function rangeText({ max, min }: Ranges[string], part: number): string {
  const clip = `clip_max_min { clip_max: ${max * part} clip_min: ${min * part} }`;
  return min === 0 ? `${clip} fixed_min: true` : clip;
}
