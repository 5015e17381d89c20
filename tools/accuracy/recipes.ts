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

const calibrated = (label: string, channelWise: boolean, options: readonly string[] = []): Recipe => ({
  ...{ label, retrains: false, channelWise, ofRange: 1, options },
});
const retrained = (label: string, channelWise: boolean, ofRange: number): Recipe => ({
  ...{ label, retrains: true, channelWise, ofRange, options: [] },
});

export const RECIPES: readonly Recipe[] = [
  calibrated('calibration, weights per channel', true),
  calibrated('calibration, weights per tensor', false),
  retrained('retraining from IFMR, per channel', true, 1),
  retrained('retraining from IFMR, per tensor', false, 1),
  retrained('retraining from halved ranges, per channel', true, 0.5),
  retrained('retraining from halved ranges, per tensor', false, 0.5),
];

/** The `quant.cfg` of a recipe. IFMR's own ranges are found by the run itself; others are written down. */
export function configText({ channelWise, ofRange }: Recipe, ranges: Ranges): string {
  const weights = `retrain_weight_quant_config { arq_retrain { channel_wise: ${channelWise} } }`;
  const own = Object.entries(ranges).map(([layer, { max, min }]) => {
    const clip = `clip_max: ${max * ofRange} clip_min: ${min * ofRange}`;
    return `override_layer_configs { layer_name: "${layer}"
  retrain_data_quant_config { ulq_quantize { clip_max_min { ${clip} } } } ${weights} }`;
  });
  return ['retrain_data_quant_config { ulq_quantize { } }', weights, ...(ofRange === 1 ? [] : own), ''].join('\n');
}
