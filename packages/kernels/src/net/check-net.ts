import {
  BVLC,
  type Dialect,
  dialectSchema,
  describeUnread,
  fieldOrigins,
  type GraphLayer,
  type LayerCount,
  LayerError,
  type LayerType,
  type MessageUse,
  type NetGraph,
  type NetParameter,
  read,
  settingsOf,
  type UnreadField,
  unreadFields,
} from '@caffe-quant/caffe-io';
import type { Diagnostic, Position } from 'caffe-prototxt-parser';
import { COMMON_FIELDS, ENGINE, PRECISION } from '../layers/common-fields.ts';
import { inPlaceProblem } from '../layers/layer.ts';
import { layerTypeOf } from '../layers/registry.ts';

/** A net in a phase in which it is used. */
export interface UsedGraph {
  graph: NetGraph;
  /** Where a message, or a field of it, stands in the graph's prototxt. */
  locate: Locate;
}

type Locate = (message: object, field?: string, index?: number) => Position | undefined;

/** What is made of a NetParameter's own fields; its layers have rules of their own. */
export const NET_FIELDS: MessageUse = {
  ...read('name', 'input', 'input_shape', 'input_dim', 'state', 'layer', 'layers'),
  force_backward: 'gradients of the data are wanted by nobody here',
  debug_info: 'prints what layers compute',
  default_forward_type: PRECISION,
  default_backward_type: PRECISION,
  default_forward_math: PRECISION,
  default_backward_math: PRECISION,
  global_grad_scale: 'keeps gradients of 16 bits from vanishing; these have 32',
  global_grad_scale_adaptive: 'keeps gradients of 16 bits from vanishing; these have 32',
  default_conv_algos_override: ENGINE,
  default_cudnn_math_override: ENGINE,
  reduce_buckets: 'says how gradients travel between devices',
  eltwise_mem_sharing: 'says where blobs lie in memory',
  mem_param: 'says where blobs lie in memory',
  compile_net_state: 'joins layers without changing what they compute',
  engine: ENGINE,
  multinode: 'spreads a net over several machines',
};

/**
 * What can be said of a net before any layer is looked at closely: each layer has as many bottoms and tops as its type
 * takes, and neither it nor the net sets a field that nothing here reads. Layers of unknown types are passed over.
 *
 * @param dialect in which the net was read
 */
export function checkNet(net: NetParameter, dialect: Dialect, used: readonly UsedGraph[]): Diagnostic[] {
  const [first] = used;
  if (first === undefined) return [];
  const ofNet = unreadFields(net, dialectSchema(dialect, 'NetParameter'), NET_FIELDS).map((field) =>
    unreadProblem({ file: first.graph.file }, 'the net', field, first.locate),
  );
  // A layer of several phases has its problems in each.
  const layers = new Map<object, Diagnostic[]>();
  for (const { graph, locate } of used) {
    for (const layer of graph.layers) {
      if (!layers.has(layer.param)) layers.set(layer.param, checkLayer(layer, dialect, graph.file, locate));
    }
  }
  return [...ofNet, ...[...layers.values()].flat()];
}

function checkLayer(layer: GraphLayer, dialect: Dialect, file: string, locate: Locate): Diagnostic[] {
  const type = layerTypeOf(layer.type);
  if (type === undefined) return [];
  const at = { file, ...(layer.line !== undefined && { line: layer.line }), layer: layer.name };
  const schema = dialectSchema(dialect, 'LayerParameter');
  const unread = unreadFields(layer.param, schema, { ...COMMON_FIELDS, ...type.fields });
  const problems = unread.map((field) =>
    isLeftover(field, type) ? leftover(at, type, field, locate) : unreadProblem(at, aLayer(type), field, locate),
  );
  // A value that nobody reads has been told of, with its line; no settings come of it.
  const hasSettings = unread.every(({ value }) => value === undefined);
  const settings = hasSettings ? settingsOrProblem(at, layer, type) : undefined;
  const blobs = blobProblems(at, layer, type, settings && 'value' in settings ? settings : undefined);
  return [...blobs, ...(settings && 'problem' in settings ? [settings.problem] : []), ...problems];
}

function settingsOrProblem(
  at: Place,
  { param }: GraphLayer,
  type: LayerType,
): { value: unknown } | { problem: Diagnostic } {
  try {
    return { value: settingsOf(type, param) };
  } catch (error) {
    if (!(error instanceof LayerError)) throw error;
    const message = `${type.type}: ${error.message}`;
    return { problem: { code: 'layer-settings', severity: 'error', message, ...at } };
  }
}

/** Where a problem is. */
type Place = Pick<Diagnostic, 'line' | 'layer'> & { readonly file: string };

/** @param settings the layer's, where they make sense */
function blobProblems(
  at: Place,
  layer: GraphLayer,
  type: LayerType,
  settings: { value: unknown } | undefined,
): Diagnostic[] {
  const problem = (message: string): Diagnostic => {
    return { code: 'layer-blobs', severity: 'error', message: `${aLayer(type)} ${message}`, ...at };
  };
  const kinds = [
    ['bottom', type.bottoms, layer.bottoms.length],
    ['top', type.tops, layer.tops.length],
  ] as const;
  const problems = kinds.flatMap(([kind, count, given]) => {
    const [least, most] = rangeOf(count, settings);
    return given >= least && given <= most ? [] : [problem(`has ${wordsOf(least, most, kind)}, not ${given}`)];
  });
  const [bottoms, tops] = [layer.bottoms.length, layer.tops.length];
  if (problems.length === 0 && type.topPerBottom && bottoms !== tops) {
    problems.push(problem(`makes one top of each bottom, but has ${bottoms} bottoms and ${tops} tops`));
  }
  const inPlace = inPlaceProblem(type, layer.param);
  return inPlace === undefined ? problems : [...problems, problem(inPlace)];
}

/** The range that settings decide is not known where they make no sense. */
function rangeOf(count: LayerCount<unknown>, settings: { value: unknown } | undefined): readonly [number, number] {
  if (typeof count === 'function') return settings ? rangeOf(count(settings.value), settings) : [0, Infinity];
  return typeof count === 'number' ? [count, count] : count;
}

function wordsOf(least: number, most: number, kind: 'bottom' | 'top'): string {
  const noun = least === 1 && (most === 1 || most === Infinity) ? kind : `${kind}s`;
  if (most === 0) return `no ${kind}s`;
  if (most === Infinity) return `at least ${least} ${noun}`;
  return least === most ? `${least} ${noun}` : `${least} to ${most} ${kind}s`;
}

/** A field of BVLC's in a message that layers of the type do not read in BVLC's Caffe either. */
const isLeftover = ({ path, schema, field }: UnreadField, { fields }: LayerType): boolean =>
  !Object.hasOwn(fields, path.split('.')[0]!) && fieldOrigins(schema.name, field).includes(BVLC);

function leftover(at: Place, type: LayerType, unread: UnreadField, locate: Locate): Diagnostic {
  const settings = unread.path.split('.')[0]!;
  return {
    code: 'field-ignored',
    severity: 'warning',
    message: `${unread.path} changes nothing: ${aLayer(type)} does not read ${settings}, here as in Caffe`,
    ...at,
    ...positionOf(unread, locate),
    hint: `remove ${settings}, or check the layer's type`,
  };
}

function unreadProblem(at: Place, owner: string, unread: UnreadField, locate: Locate): Diagnostic {
  return {
    code: 'field-unread',
    severity: 'error',
    message: `${describeUnread(unread)} is not supported in ${owner}: without it the results would differ`,
    ...at,
    ...positionOf(unread, locate),
    hint: 'write what it does as layers of its own, or remove it where it makes no difference to the net',
  };
}

const positionOf = ({ message, field }: UnreadField, locate: Locate): Position | undefined =>
  locate(message, field) ?? locate(message);

const aLayer = ({ type }: LayerType): string =>
  `${/^([AEIOU]|HDF5|L[RS]|RNN|MVN)/.test(type) ? 'an' : 'a'} ${type} layer`;
