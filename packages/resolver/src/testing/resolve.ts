import { parseRetrainConfig } from '@caffe-quant/config';
import type { Diagnostic } from 'caffe-prototxt-parser';
import { resolvePlan } from '../resolve-plan.ts';
import type { Compat, LayerPlan, QuantPlan } from '../plan.ts';
import { netOf } from './net-of.ts';

export interface Resolved {
  plan: QuantPlan;
  /** Of the config and of the resolver. */
  diagnostics: Diagnostic[];
  /** One line a layer: `conv1: [-6, 6] fixed per-channel`, or the reason why it stays float. */
  lines: string[];
}

/** Resolves a net and a config given as texts. */
export function resolve(net: string, cfg: string, compat: Compat = 'documented'): Resolved {
  const { config, diagnostics } = parseRetrainConfig(cfg, 'quant.cfg');
  const train = netOf(net, 'TRAIN');
  const test = netOf(net, 'TEST');
  const resolved = resolvePlan({ train, test, config, compat });
  return {
    plan: resolved.plan,
    diagnostics: [...diagnostics, ...resolved.diagnostics],
    lines: resolved.plan.layers.map(lineOf),
  };
}

export function lineOf({ name, data, weight, reason }: LayerPlan): string {
  if (!data) return `${name}: - ${reason}`;
  const range = data.clip ? `[${data.clip.min}, ${data.clip.max}]` : 'IFMR';
  const weights = weight ? (weight.channelWise ? ' per channel' : ' per tensor') : '';
  return `${name}: ${range}${data.fixedMin ? ' from 0' : ''}${weights}`;
}

/** `error unknown-layer 3`: severity, code, line. */
export function summaryOf({ severity, code, line }: Diagnostic): string {
  return `${severity} ${code} ${line ?? '-'}`;
}
