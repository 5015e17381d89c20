import {
  ArqError,
  arqForward,
  channelAxisOf,
  dequantizeWeights,
  quantizeWeights,
  runGraphOn,
} from '@caffe-quant/kernels';
import type { Comparison } from './comparison.ts';
import type { GoldenSet, TensorRef } from './golden-set.ts';
import { GOLDEN_LIMITS } from './limits.ts';

export interface ArqCase {
  name: string;
  layer_type: string;
  channel_wise: boolean;
  shape: number[];
  /** The library's error code; not 0: it gave no result. */
  status: number;
  w: TensorRef;
  scale_w?: TensorRef;
  q?: TensorRef;
  fake?: TensorRef;
}

/** ARQ's scales, integers and fake-quantized weights: by the reference function bit by bit, and in the graph. */
export async function checkArq(golden: ArqCase, set: GoldenSet<ArqCase>, comparison: Comparison): Promise<void> {
  const weights = set.f32(golden.w);
  const axis = golden.channel_wise ? channelAxisOf(golden.layer_type) : undefined;
  if (golden.status !== 0) {
    comparison.holds('refused as the library does', refuses(weights, golden.shape, axis));
    return;
  }
  const result = quantizeWeights(weights, golden.shape, axis);
  const fake = set.f32(golden.fake!);
  comparison.exact('scale_w', result.scales, set.f32(golden.scale_w!));
  comparison.exact('q', result.quantized, set.i8(golden.q!));
  comparison.exact('fake', dequantizeWeights(result, golden.shape, axis), fake);
  const out = await runGraphOn(comparison.device, (g) => ({ fake: arqForward(g, g.input('w', golden.shape), axis) }), {
    w: weights,
  });
  comparison.within('fake in the graph', out['fake'], fake, GOLDEN_LIMITS.arq['weights, fake-quantized']);
}

function refuses(weights: Float32Array, shape: number[], axis: number | undefined): boolean {
  try {
    quantizeWeights(weights, shape, axis);
    return false;
  } catch (error) {
    if (error instanceof ArqError) return true;
    throw error;
  }
}
