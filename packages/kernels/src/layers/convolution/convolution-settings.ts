import { type FillerParameter, type LayerFields, read } from '@caffe-quant/caffe-io';
import type { Shape } from '../../graph/graph-builder.ts';
import { FILLER } from '../../fillers/filler-fields.ts';
import { ENGINE } from '../common-fields.ts';
import { check } from '../layer.ts';
import { SIDE_PAD_FIELDS, type SidePads, sidePads } from '../side-pads.ts';
import { type DepthwiseForm, depthwiseForm } from './depthwise-types.ts';
import { onSpatialAxes, type SpatialSetting, spatialSetting, type Window } from './spatial.ts';

/** The fields of a `convolution_param` that say how a kernel slides. */
export const WINDOW_FIELDS = {
  ...read('axis', 'pad', 'pad_h', 'pad_w', 'kernel_size', 'kernel_h', 'kernel_w'),
  ...read('stride', 'stride_h', 'stride_w', 'dilation', 'dilation_h', 'dilation_w'),
  engine: ENGINE,
  force_nd_im2col: ENGINE,
  cudnn_convolution_algo_seeker: ENGINE,
  conv_algos_override: ENGINE,
  conv_algorithm: ENGINE,
} as const;

/** The fields of a `convolution_param`. */
export const CONVOLUTION_FIELDS = {
  ...WINDOW_FIELDS,
  ...SIDE_PAD_FIELDS,
  ...read('num_output', 'bias_term', 'group'),
  weight_filler: FILLER,
  bias_filler: FILLER,
} as const;

/** How a kernel slides over a blob. */
export interface WindowSettings {
  /** The axis of the channels; the axes behind it are spatial, those before it count images. Negative: from the end. */
  readonly axis: number;
  readonly window: Readonly<Record<keyof Window, SpatialSetting>>;
}

/** What a `convolution_param` says. */
export interface ConvolutionSettings extends WindowSettings {
  /** Absent: as many as the input has channels, which only a layer with one filter a channel may leave to it. */
  readonly numOutput: number | undefined;
  /** Absent: 1, or one a channel where the type has that. */
  readonly group: number | undefined;
  readonly bias: boolean;
  readonly weightFiller: FillerParameter | undefined;
  readonly biasFiller: FillerParameter | undefined;
  /** Absent: a type without a rule of its own for channels. */
  readonly depthwise: DepthwiseForm | undefined;
}

const MISSING = 'convolution_param is missing';

type WindowFields = LayerFields<{ convolution_param: typeof WINDOW_FIELDS }>;
type ConvolutionFields = LayerFields<{ convolution_param: typeof CONVOLUTION_FIELDS }>;

/** @param sides the padding of each side by itself, in the place of `pad` */
export function windowSettings({ convolution_param: param }: WindowFields, sides?: SidePads): WindowSettings {
  check(param !== undefined, () => MISSING);
  const { kernel_size = [], stride = [], dilation = [] } = param;
  const pad = spatialSetting('pad', param.pad ?? [], param.pad_h, param.pad_w, { fallback: 0, least: 0 });
  const ofSides = (values: readonly number[]): SpatialSetting => ({
    ...pad,
    values,
    twoAxesOnly: 'pad_l, pad_r, pad_t and pad_b',
  });
  return {
    axis: param.axis ?? 1,
    window: {
      kernel: spatialSetting('kernel_size', kernel_size, param.kernel_h, param.kernel_w, { least: 1 }),
      stride: spatialSetting('stride', stride, param.stride_h, param.stride_w, { fallback: 1, least: 1 }),
      pad: sides ? ofSides(sides.before) : pad,
      padEnd: sides ? ofSides(sides.after) : pad,
      dilation: spatialSetting('dilation', dilation, param.dilation_h, param.dilation_w, { fallback: 1, least: 1 }),
    },
  };
}

export function convolutionSettings(layer: ConvolutionFields): ConvolutionSettings {
  const { convolution_param: param } = layer;
  check(param !== undefined, () => MISSING);
  const sliding = windowSettings(layer, sidePads(param, hasPad(param)));
  const depthwise = depthwiseForm(layer.type ?? '');
  check(depthwise !== undefined || (param.num_output ?? 0) > 0, () => 'num_output is missing');
  check((param.group ?? 1) > 0, () => `group ${param.group} must be positive`);
  return {
    ...sliding,
    numOutput: param.num_output || undefined,
    group: param.group,
    bias: param.bias_term ?? true,
    weightFiller: param.weight_filler,
    biasFiller: param.bias_filler,
    depthwise,
  };
}

const hasPad = ({ pad = [], pad_h = 0, pad_w = 0 }: NonNullable<ConvolutionFields['convolution_param']>): boolean =>
  pad.length > 0 || pad_h !== 0 || pad_w !== 0;

/** A convolution over a bottom of a known shape. */
export interface Convolution {
  readonly numOutput: number;
  readonly group: number;
  readonly window: Window;
}

/**
 * @param bottom [N, C, ..spatial]
 * @throws LayerError where the settings do not fit it
 */
export function convolutionOver(settings: ConvolutionSettings, bottom: Shape): Convolution {
  const channels = bottom[1]!;
  const { depthwise } = settings;
  const numOutput = settings.numOutput ?? (depthwise?.when === 'always' ? channels : 0);
  check(numOutput > 0, () => `num_output is missing; for one filter a channel write num_output: ${channels}`);
  const group = groupsOver(settings, channels);
  const isOnePerChannel = depthwise?.when === 'always' || (depthwise !== undefined && settings.group === undefined);
  const contradiction = numOutput !== channels ? `num_output ${numOutput}` : `group ${group}`;
  check(
    !isOnePerChannel || (numOutput === channels && group === channels),
    () =>
      `${contradiction} for ${channels} input channels: ${depthwise!.type} has one filter a channel, so that both are ${channels}`,
  );
  check(channels % group === 0, () => `the ${channels} input channels are not a multiple of group ${group}`);
  check(numOutput % group === 0, () => `num_output ${numOutput} is not a multiple of group ${group}`);
  return { numOutput, group, window: windowOver(settings, bottom) };
}

/** The groups of a convolution whose input has so many channels. */
export const groupsOver = ({ group, depthwise }: ConvolutionSettings, channels: number): number =>
  group ?? (depthwise === undefined ? 1 : channels);

/** @param bottom [N, C, ..spatial] */
export function windowOver({ window }: WindowSettings, bottom: Shape): Window {
  const axes = bottom.length - 2;
  return {
    kernel: onSpatialAxes(window.kernel, axes),
    stride: onSpatialAxes(window.stride, axes),
    pad: onSpatialAxes(window.pad, axes),
    padEnd: onSpatialAxes(window.padEnd, axes),
    dilation: onSpatialAxes(window.dilation, axes),
  };
}
