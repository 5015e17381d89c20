import type { FieldSchema, MessageSchema } from 'caffe-prototxt-parser';
import { createMessage } from '../caffe-schema.ts';
import type { LayerParameter, Messages, NetParameter } from '../generated/caffe.ts';
import { type DialectName, dialectOrigins, dialects } from '../generated/dialects.ts';
import type { UpgradeLog } from '../upgrade/upgrade-log.ts';
import { type Dialect, dialectSchema } from './dialect-schema.ts';
import { fieldOrigins, forkName } from './field-origins.ts';

/** Fields of a layer type that have other defaults in some forks. */
export interface ForkDefaults {
  readonly type: string;
  readonly param: keyof LayerParameter & `${string}_param`;
  readonly message: keyof Messages;
  readonly fields: readonly string[];
  /** Whose defaults the layer type takes where a field is absent. */
  readonly readAs: Dialect;
}

/** All of them; a test holds that none is missing. All that follows the reading of a net knows one default of a field. */
export const FORK_DEFAULTS: readonly ForkDefaults[] = [
  {
    type: 'BatchNorm',
    param: 'batch_norm_param',
    message: 'BatchNormParameter',
    fields: ['moving_average_fraction'],
    readAs: 'bvlc',
  },
  {
    type: 'DetectionOutput',
    param: 'detection_output_param',
    message: 'DetectionOutputParameter',
    fields: ['code_type', 'variance_encoded_in_target', 'keep_top_k'],
    readAs: 'ssd',
  },
];

/**
 * Writes out what a layer leaves to a default that its fork changed: BatchNorm's `moving_average_fraction` is 0.99 in
 * caffe-windows and 0.999 elsewhere. Where the net fits several forks that have different ones, the usual is taken, with a
 * warning.
 */
export function withForkDefaults(net: NetParameter, dialect: Dialect, log: UpgradeLog): NetParameter {
  let changed = false;
  const layer = net.layer.map((each) => {
    const known = FORK_DEFAULTS.find(({ type }) => type === each.type);
    const full = known === undefined ? each : withDefaults(each, known, net, dialect, log);
    changed ||= full !== each;
    return full;
  });
  return changed ? log.from({ ...net, layer }, net) : net;
}

function withDefaults(
  layer: LayerParameter,
  known: ForkDefaults,
  net: NetParameter,
  dialect: Dialect,
  log: UpgradeLog,
): LayerParameter {
  const param = layer[known.param] as Readonly<Record<string, unknown>> | undefined;
  const absent = known.fields.filter((name) => param?.[name] === undefined);
  if (absent.length === 0) return layer;
  const owner = ownerOf(known, net, dialect);
  const missing = absent.filter((name) => defaultOf(known, owner, name) !== defaultOf(known, dialect, name));
  if (owner === known.readAs && missing.length > 0) warn(layer, known, missing, dialect, log);
  const written = owner === known.readAs ? missing : absent.filter((name) => isChanged(known, owner, name));
  if (written.length === 0) return layer;
  const values = Object.fromEntries(written.map((name) => [name, defaultOf(known, owner, name)]));
  const full = param ? log.from({ ...param, ...values }, param) : createMessage(known.message, values);
  return log.from({ ...layer, [known.param]: full }, layer);
}

const isChanged = (known: ForkDefaults, owner: Dialect, name: string): boolean =>
  defaultOf(known, owner, name) !== defaultOf(known, known.readAs, name);

/**
 * Whose layer it is: the dialect's, if that Caffe has it. Text that is read as BVLC's may be AMCT's, whose fields are in
 * the same schema: AMCT's if it has a field that no other Caffe has, else that of the fork which the layer comes from.
 */
function ownerOf({ message, readAs }: ForkDefaults, net: NetParameter, dialect: Dialect): Dialect {
  const isOwn = dialect !== 'bvlc' && dialects[dialect].nested?.['caffe']?.nested?.[message] !== undefined;
  if (isOwn || readAs === 'bvlc') return dialect;
  return hasFieldOf('amct', net, dialectSchema(dialect, 'NetParameter')) ? 'amct' : readAs;
}

/** Whether a message, or one within it, has a field that a fork alone has. */
function hasFieldOf(fork: DialectName, message: object, schema: MessageSchema): boolean {
  return Object.entries(message).some(([name, value]) => {
    const field = schema.fields.get(name);
    if (field === undefined || value === undefined || (Array.isArray(value) && value.length === 0)) return false;
    const origins = fieldOrigins(schema.name, field.name);
    if (origins.length === 1 && origins[0] === dialectOrigins[fork]) return true;
    if (field.kind !== 'message') return false;
    const inner = (Array.isArray(value) ? value : [value]) as object[];
    return inner.some((each) => hasFieldOf(fork, each, field.message));
  });
}

function warn(layer: LayerParameter, known: ForkDefaults, missing: string[], dialect: Dialect, log: UpgradeLog): void {
  const values = (by: Dialect) => missing.map((name) => `${name}: ${String(defaultOf(known, by, name))}`).join(', ');
  log.problems.push({
    code: 'fork-default',
    severity: 'warning',
    message:
      `${known.param} does not say ${missing.join(', ')}, and Caffes differ in what that means: ` +
      `taken as ${values(known.readAs)}, as in ${forkName(known.readAs)}; ` +
      `AMCT's Caffe would take ${values(dialect)}`,
    hint: `write ${values(known.readAs)} into ${known.param}, or what the net was trained with`,
    layer: layer.name,
    at: log.originOf((layer[known.param] as object | undefined) ?? layer).message,
  });
}

/** What an absent field stands for in a dialect. */
const defaultOf = ({ message }: ForkDefaults, dialect: Dialect, name: string): unknown =>
  absentValue(dialectSchema(dialect, message).fields.get(name)!);

/** Source: protobuf's rules of version 2 for a field that names no default. */
export function absentValue(field: FieldSchema): unknown {
  if (field.kind === 'message' || field.cardinality === 'repeated') return undefined;
  if (field.default !== undefined) return field.default;
  if (field.kind === 'enum') return [...field.enum.values.keys()][0];
  if (field.type === 'string') return '';
  return field.type === 'bool' ? false : field.type === 'bytes' ? undefined : 0;
}
