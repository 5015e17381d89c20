import { createMessage } from '@caffe-quant/caffe-io';
import { dequant, lowerLayer, paramsOfLayer, quant, runGraphOn, searchRange, searchShift } from '@caffe-quant/kernels';
import type { Comparison } from './comparison.ts';
import { GoldenError, type GoldenSet, type TensorRef } from './golden-set.ts';
import { GOLDEN_LIMITS } from './limits.ts';

export type QuantCase = { name: string } & (
  | { kind: 'Quant'; scale_param: number; offset: number; x: TensorRef; y: TensorRef }
  | { kind: 'DeQuant'; channel_wise: boolean; deqscale: TensorRef; shift_bit: TensorRef; x: TensorRef; y: TensorRef }
  | { kind: 'SearchN'; acc: TensorRef; best: number[] }
  | { kind: 'IFMR'; batches: TensorRef[]; record_text: string }
);

const STEPS = GOLDEN_LIMITS.quant['y of Quant and DeQuant, in steps of its grid'];

type CaseOf<K extends QuantCase['kind']> = Extract<QuantCase, { kind: K }>;

/** AMCT's deploy-side layers. */
export async function checkQuant(golden: QuantCase, set: GoldenSet<QuantCase>, comparison: Comparison): Promise<void> {
  switch (golden.kind) {
    case 'Quant':
      return checkQuantLayer(golden, set, comparison);
    case 'DeQuant':
      return checkDequantLayer(golden, set, comparison);
    case 'SearchN':
      return checkShifts(golden, set, comparison);
    case 'IFMR':
      return checkRecord(golden, set, comparison);
    default:
      throw new GoldenError(`there is no check for the kind '${String((golden as { kind?: unknown }).kind)}'`);
  }
}

async function checkQuantLayer(golden: CaseOf<'Quant'>, set: GoldenSet<QuantCase>, comparison: Comparison) {
  const fields = { scale: golden.scale_param, offset: Uint8Array.of(golden.offset & 255) };
  const quant_param = createMessage('QuantParameter', fields);
  const layer = createMessage('LayerParameter', { type: 'Quant', quant_param });
  const out = await runGraphOn(
    comparison.device,
    (g) => {
      const bottoms = [g.input('x', golden.x.shape)];
      return { y: lowerLayer(quant, layer, { g, phase: 'TEST', bottoms, params: [] }).tops[0]! };
    },
    { x: set.f32(golden.x) },
  );
  comparison.within('y', out['y'], set.f32(golden.y), STEPS, 1 / golden.scale_param);
}

async function checkDequantLayer(golden: CaseOf<'DeQuant'>, set: GoldenSet<QuantCase>, comparison: Comparison) {
  const dequant_param = createMessage('DeQuantParameter', { channel_wise: golden.channel_wise });
  const layer = createMessage('LayerParameter', { type: 'DeQuant', dequant_param });
  const shapes = paramsOfLayer(dequant, layer, [golden.x.shape]).map(({ shape }) => shape);
  const names = ['deqscale', 'shift_bit', 'offset_w'];
  const out = await runGraphOn(
    comparison.device,
    (g) => {
      const bottoms = [g.input('x', golden.x.shape)];
      const params = names.map((name, i) => g.input(name, shapes[i]!));
      return { y: lowerLayer(dequant, layer, { g, phase: 'TEST', bottoms, params }).tops[0]! };
    },
    {
      x: set.f32(golden.x),
      deqscale: set.f32(golden.deqscale),
      shift_bit: Float32Array.from(set.i32(golden.shift_bit)),
      offset_w: new Float32Array(shapes[2]![0]!),
    },
  );
  const [factors, shifts] = [set.f32(golden.deqscale), set.i32(golden.shift_bit)];
  const step = Math.max(...Array.from(factors, (factor, i) => factor * 2 ** shifts[i]!));
  comparison.within('y', out['y'], set.f32(golden.y), STEPS, step);
}

function checkShifts(golden: CaseOf<'SearchN'>, set: GoldenSet<QuantCase>, comparison: Comparison): void {
  const [channels = 0, count = 0] = golden.acc.shape;
  const accumulators = set.i32(golden.acc);
  const best = Array.from({ length: channels }, (_, channel) =>
    searchShift(accumulators.subarray(channel * count, (channel + 1) * count)),
  );
  comparison.exact('best', best, golden.best);
}

/** The calibration layer sees all its batches at once, and writes nine digits of the scale. */
function checkRecord(golden: CaseOf<'IFMR'>, set: GoldenSet<QuantCase>, comparison: Comparison): void {
  const values = Float32Array.from(golden.batches.flatMap((batch) => [...set.f32(batch)]));
  const { scale, offset } = searchRange(values);
  const read = (field: string) => Number(new RegExp(`${field}: (\\S+)`).exec(golden.record_text)?.[1]);
  comparison.exact('scale_d', [scale], [Math.fround(read('scale_d'))]);
  comparison.exact('offset_d', [offset], [read('offset_d')]);
}
