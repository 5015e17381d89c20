import { type Blob, createMessage, type ParamSpec } from '@caffe-quant/caffe-io';
import type { CanonicalLayer, CanonicalPlan, CanonicalQuantizer, ClipRange } from '@caffe-quant/resolver';
import { EditableNet, type EditableLayer, type NetSource } from '../net/editable-net.ts';
import type { LayerShapes, NetShapes, WeightTable } from '../net/infer-shapes.ts';
import { layerBeside } from './insert-layers.ts';
import { floatBlob, weightsOf } from './write-weights.ts';

export interface RetrainModelInput {
  source: NetSource;
  plan: CanonicalPlan;
  /** TRAIN and TEST. */
  nets: readonly NetShapes[];
  weights: WeightTable;
  clips: ReadonlyMap<string, ClipRange>;
  /** Where AMCT's layers note the sizes of their inputs when the net runs. */
  recordFile: string;
}

/**
 * The net for retraining with AMCT's layers: ActivationQAT and WeightQAT before every quantized layer, with the clip
 * ranges and float weights that training gave. WeightQAT holds the quantized weights, which it shares with the layer by
 * the parameter's name, and the float ones; both start as the float weights here, since AMCT's layer takes the former
 * for the latter when it runs first.
 */
export function retrainModel(input: RetrainModelInput): { prototxt: string; caffemodel: Uint8Array } {
  const net = EditableNet.open(input.source);
  const quantizers = new Map(input.plan.quantizers.map((quantizer) => [quantizer.name, quantizer]));
  const planned = new Map(input.plan.layers.map((layer) => [layer.name, layer]));
  const measured = new Map(input.nets.flatMap(({ layers }) => [...layers]));
  const inserted = new Map<string, readonly Blob[]>();
  const activationBlobs = new Map<string, string>();
  const sharedWeights = new Set<string>();
  for (const layer of net.layers) {
    const plan = planned.get(layer.param.name ?? '');
    const shapes = measured.get(layer.param.name ?? '');
    if (!plan || !shapes) continue;
    const quantizer = quantizers.get(plan.quantizer)!;
    const clip = input.clips.get(quantizer.name)!;
    if (quantizer.layers[0] === plan.name) {
      const { name, top } = insertActivation(net, layer, quantizer, clip, input.recordFile);
      activationBlobs.set(quantizer.name, top);
      inserted.set(name, [floatBlob([1], Float32Array.of(clip.max)), floatBlob([1], Float32Array.of(clip.min))]);
    }
    let bottom = activationBlobs.get(quantizer.name)!;
    if (plan.channelWise !== undefined) {
      const key = `${shapes.params[0]!.layer}/0`;
      const isSharer = sharedWeights.has(key) && shapes.params[0]!.layer !== plan.name;
      sharedWeights.add(key);
      if (!isSharer) {
        const { name, top } = insertWeights(net, layer, bottom, plan, shapes);
        const master = input.weights.blob(plan.name, 0)!;
        const { shape } = shapes.params[0]!;
        inserted.set(name, [floatBlob(shape, master), floatBlob(shape, master)]);
        bottom = top;
      }
    }
    net.rename(layer, 'bottom', 0, bottom);
  }
  const prototxt = net.text();
  const caffemodel = weightsOf({ text: prototxt, file: input.source.file }, (layer) => {
    const name = layer.name ?? '';
    return inserted.get(name) ?? floatBlobs(measured.get(name), input.weights);
  });
  return { prototxt, caffemodel };
}

/** The float weights of a layer; none for one that learns nothing. */
export function floatBlobs(measured: LayerShapes | undefined, weights: WeightTable): Blob[] {
  return (measured?.params ?? []).map(({ shape }, index) => {
    const { name } = measured!.layer;
    const blob = weights.blob(name, index);
    if (!blob) throw new Error(`no weights for blob ${index} of layer '${name}'`);
    return floatBlob(shape, blob);
  });
}

function insertActivation(
  net: EditableNet,
  layer: EditableLayer,
  quantizer: CanonicalQuantizer,
  clip: ClipRange,
  recordFile: string,
): { name: string; top: string } {
  const name = net.insertedName('layer', `${quantizer.name}_act_qat`);
  const top = net.insertedName('blob', `${quantizer.name}_aq`);
  const learning = { lr_mult: quantizer.lrMult ?? 1, decay_mult: quantizer.decayMult };
  net.insertBefore(
    layer,
    layerBeside(layer.param, {
      name,
      type: 'ActivationQAT',
      bottom: [layer.param.bottom[0]!],
      top: [top],
      param: [createMessage('ParamSpec', learning), createMessage('ParamSpec', learning)],
      retrain_data_quant_param: createMessage('RetrainDataQuantParameter', {
        clip_max: clip.max,
        clip_min: clip.min + 0, // no negative zero
        fixed_min: quantizer.fixedMin,
        object_layer: quantizer.layers.join('-'),
        record_file_path: recordFile,
      }),
    }),
  );
  return { name, top };
}

function insertWeights(
  net: EditableNet,
  layer: EditableLayer,
  bottom: string,
  plan: CanonicalLayer,
  { params }: LayerShapes,
): { name: string; top: string } {
  const name = net.insertedName('layer', `${plan.name}_weight_qat`);
  const top = net.insertedName('blob', `${plan.name}_wq`);
  const [settings] = layer.param.param;
  const shareName = settings?.name ?? `${plan.name}_w`;
  const learning: Partial<ParamSpec> = {
    ...(settings?.lr_mult === undefined ? {} : { lr_mult: settings.lr_mult }),
    ...(settings?.decay_mult === undefined ? {} : { decay_mult: settings.decay_mult }),
  };
  const [first, second, h, w] = params[0]!.shape as [number, number, number?, number?];
  net.insertBefore(
    layer,
    layerBeside(layer.param, {
      name,
      type: 'WeightQAT',
      bottom: [bottom],
      top: [top],
      param: [createMessage('ParamSpec', { ...learning, name: shareName }), createMessage('ParamSpec', learning)],
      retrain_weight_quant_param: createMessage('RetrainWeightQuantParameter', {
        cout: first,
        cin: second,
        ...(h === undefined ? {} : { h }),
        ...(w === undefined ? {} : { w }),
        channel_wise: plan.channelWise!,
        layer_type: plan.type,
      }),
    }),
  );
  net.nameParameter(layer, 0, shareName);
  return { name, top };
}
