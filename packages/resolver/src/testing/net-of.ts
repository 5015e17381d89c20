import { bindMessage, parseText, schemaFromDescriptor } from 'caffe-prototxt-parser';
import { caffeDescriptor } from '@caffe-quant/caffe-io';
import type { BlobVersion, GraphLayer, NetGraph, NetParameter } from '@caffe-quant/caffe-io';

export function netOf(text: string, phase: 'TRAIN' | 'TEST' = 'TRAIN', file = 'net.prototxt'): NetGraph {
  const { document, diagnostics: syntax } = parseText(text, { file });
  const bound = bindMessage<NetParameter>(document, schemaFromDescriptor(caffeDescriptor, 'caffe.NetParameter'));
  const errors = [...syntax, ...bound.diagnostics].filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const current = new Map<string, BlobVersion>();
  const layers: GraphLayer[] = [];
  for (const param of bound.message.layer) {
    if (param.include.length > 0 && !param.include.some((rule) => rule.phase === phase)) continue;
    const index = layers.length;
    const bottoms = param.bottom.map((name) => {
      const blob = current.get(name);
      if (!blob) throw new Error(`unknown bottom ${name}`);
      return blob;
    });
    const tops = param.top.map((name): BlobVersion => {
      const version = param.bottom.includes(name) ? (current.get(name)?.version ?? -1) + 1 : 0;
      const blob = { name, version, id: version === 0 ? name : `${name}@${version}`, producer: index };
      current.set(name, blob);
      return blob;
    });
    const line = bound.locate(param, 'name')?.line;
    layers.push({
      index,
      name: param.name ?? '',
      type: param.type ?? '',
      param,
      bottoms,
      tops,
      ...(line !== undefined && { line }),
    });
  }
  return { name: bound.message.name ?? '', phase, file, layers };
}
