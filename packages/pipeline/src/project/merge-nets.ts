import type { LayerParameter, Phase } from '@caffe-quant/caffe-io';
import type { MessageNode, MessageSchema } from 'caffe-prototxt-parser';
import {
  appendField,
  fieldsOf,
  formatField,
  insertBefore,
  printSyntax,
  printText,
  removeField,
} from 'caffe-prototxt-parser';
import { withoutLayerMultipliers } from './canonical-net.ts';
import { phasesOf, setPhases, type NetStates } from './net-states.ts';
import { netOfToday, type NetOfToday } from './todays-form.ts';

/** The prototxt of a net, without what may stand around it in its file. */
export interface NetText {
  readonly file: string;
  readonly text: string;
}

/** For a layer of the merged net, its place among the layers of the net that it comes from, by phase. */
export type LayerOrigins = Readonly<Partial<Record<Phase, number>>>;

interface Layer {
  readonly index: number;
  readonly param: LayerParameter;
  readonly node: MessageNode;
  /** Equal for layers that do the same. */
  readonly key: string;
}

/**
 * Makes one prototxt of two, one for training and one for tests, as most of Caffe's nets are: what differs has a rule for its
 * phase. In each phase the layers, their order and what they say are those of the phase's own file, but that a layer of both
 * has the fillers and learning rates of the one for training, which nothing else reads. Comments stay.
 *
 * @returns the text, and where each of its layers comes from
 */
export function mergeNets(
  train: NetText,
  test: NetText,
  states: NetStates = {},
): { text: string; origins: readonly LayerOrigins[] } {
  const base = netOfToday(train.text, train.file);
  const other = netOfToday(test.text, test.file);
  const trained = layersIn('TRAIN', base, states);
  const tested = layersIn('TEST', other, states);
  const shared = commonLayers(trained, tested);
  const origins: LayerOrigins[] = [];
  const queue = [...tested];
  /** Layers for tests alone that stand before a common one, or at the end. */
  const takeTested = (until: Layer | undefined, insert: (snippet: string) => void): void => {
    while (queue[0] && queue[0] !== until) {
      const layer = queue.shift()!;
      insert(snippetOf(layer));
      origins.push({ TEST: layer.index });
    }
  };
  base.nodes.forEach((node, index) => {
    const layer = trained.find((candidate) => candidate.index === index);
    if (layer === undefined) return removeField(node);
    const counterpart = shared.get(layer);
    if (counterpart) {
      takeTested(counterpart, (snippet) => insertBefore(node, snippet));
      queue.shift();
    }
    setPhases(node, counterpart ? ['TRAIN', 'TEST'] : ['TRAIN']);
    origins.push({ TRAIN: index, ...(counterpart && { TEST: counterpart.index }) });
  });
  takeTested(undefined, (snippet) => appendField(base.document, snippet));
  // It has been heard: the rules ask for phases alone now.
  for (const field of fieldsOf(base.document, 'state')) removeField(field);
  return { text: printText(base.document), origins };
}

function layersIn(phase: Phase, { net, nodes, schema }: NetOfToday, states: NetStates): Layer[] {
  return net.layer.flatMap((param, index) =>
    phasesOf(param, net, states).includes(phase)
      ? [{ index, param, node: nodes[index]!, key: keyOf(param, schema) }]
      : [],
  );
}

function keyOf(param: LayerParameter, schema: MessageSchema): string {
  const plain = { ...withoutFillers(withoutLayerMultipliers(param)), include: [], exclude: [] };
  return formatField('layer', plain, schema);
}

/** Without what only the start of a training from scratch reads. */
function withoutFillers(layer: LayerParameter): LayerParameter {
  const fields = Object.entries(layer).map(([name, value]): [string, unknown] => {
    const isMessage =
      typeof value === 'object' && value !== null && ('weight_filler' in value || 'bias_filler' in value);
    return [name, isMessage ? { ...value, weight_filler: undefined, bias_filler: undefined } : value];
  });
  return Object.fromEntries(fields) as unknown as LayerParameter;
}

/** The longest sequence of layers that stands in both nets, each with its counterpart. */
function commonLayers(trained: readonly Layer[], tested: readonly Layer[]): Map<Layer, Layer> {
  // lengths[i][j]: of what trained from i on and tested from j on have in common.
  const lengths = Array.from({ length: trained.length + 1 }, () => new Uint32Array(tested.length + 1));
  for (let i = trained.length - 1; i >= 0; i--) {
    for (let j = tested.length - 1; j >= 0; j--) {
      const isSame = trained[i]!.key === tested[j]!.key;
      lengths[i]![j] = isSame ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const common = new Map<Layer, Layer>();
  for (let i = 0, j = 0; i < trained.length && j < tested.length;) {
    if (trained[i]!.key === tested[j]!.key) common.set(trained[i++]!, tested[j++]!);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return common;
}

/** A layer for tests alone, with its comments. */
function snippetOf({ node }: Layer): string {
  setPhases(node, ['TEST']);
  return node.parent.kind === 'field' ? printSyntax(node.parent).trim() : `layer ${printSyntax(node).trim()}`;
}
