import type { LayerParameter, NetParameter, NetState, Phase, SolverParameter } from '@caffe-quant/caffe-io';
import { createMessage, isIncluded } from '@caffe-quant/caffe-io';
import type { MessageNode } from 'caffe-prototxt-parser';
import { appendField, fieldsOf, printText, removeField, replaceField } from 'caffe-prototxt-parser';
import { netOfToday } from './todays-form.ts';

/** Levels and stages that a solver gives its nets: by them a net in one file is several. */
export type NetStates = Readonly<Partial<Record<Phase, NetState>>>;

/** What the solver's `train_state` and its first `test_state` say; undefined where they say nothing. */
export function statesOf({ train_state, test_state }: SolverParameter): NetStates | undefined {
  const states = { ...(train_state && { TRAIN: train_state }), ...(test_state[0] && { TEST: test_state[0] }) };
  const says = Object.values(states).some(({ level = 0, stage }) => level !== 0 || stage.length > 0);
  return says ? states : undefined;
}

/**
 * Replaces the rules of a net's layers, which ask for levels and stages, by ones that ask for phases alone and hold in the
 * same of the solver's two nets. So nothing after this needs to know of levels and stages. Changes the layers.
 */
export function applyStates(net: NetParameter, states: NetStates): void {
  for (const layer of net.layer) {
    const phases = phasesOf(layer, net, states);
    const rules = (of: readonly Phase[]) => of.map((phase) => createMessage('NetStateRule', { phase }));
    layer.include = phases.length === 1 ? rules(phases) : [];
    layer.exclude = phases.length === 0 ? rules(['TRAIN', 'TEST']) : [];
  }
}

/** The same on a prototxt: comments and layout stay. A file of an old form comes in today's, without them. */
export function textWithStates(text: string, file: string, states: NetStates): string {
  const { net, document, nodes } = netOfToday(text, file);
  nodes.forEach((node, i) => setPhases(node, phasesOf(net.layer[i]!, net, states)));
  return printText(document);
}

/** Writes rules into a layer that put it into the nets of these phases and no others. */
export function setPhases(node: MessageNode, phases: readonly Phase[]): void {
  const [first, ...others] = [...fieldsOf(node, 'include'), ...fieldsOf(node, 'exclude')];
  const rules =
    phases.length === 2
      ? undefined
      : phases.length === 1
        ? `include { phase: ${phases[0]} }`
        : 'exclude { phase: TRAIN } exclude { phase: TEST }';
  for (const field of others) removeField(field, { keepComments: true });
  if (first === undefined) {
    if (rules !== undefined) appendField(node, rules);
  } else if (rules === undefined) removeField(first, { keepComments: true });
  else replaceField(first, rules);
}

/** The phases in whose net a layer is. */
export function phasesOf(layer: LayerParameter, { state: own }: NetParameter, states: NetStates): Phase[] {
  return (['TRAIN', 'TEST'] as const).filter((phase) => {
    const given = states[phase];
    const stages = new Set([...(own?.stage ?? []), ...(given?.stage ?? [])]);
    return isIncluded(layer, { phase, level: given?.level ?? own?.level ?? 0, stages });
  });
}
