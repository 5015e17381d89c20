/**
 * Writes docs/forks.md: what is made of each field that forks of Caffe add to the messages of layers, solvers and nets.
 *
 *   npm run document-fork-fields [-- --check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Dialect,
  DIALECTS,
  dialectSchema,
  type FieldUse,
  fieldOrigins,
  forkName,
  isForeignValue,
  type MessageUse,
  separatedFields,
  valueOrigins,
} from '@caffe-quant/caffe-io';
import { COMMON_FIELDS, layerTypes, NET_FIELDS, SOLVER_FIELDS } from '@caffe-quant/kernels/layer-types';
import type { MessageSchema } from 'caffe-prototxt-parser';
import { format, resolveConfig } from 'prettier';

const FILE = join(import.meta.dirname, '../docs/forks.md');

/** What is made of a field: it is computed, refused, or changes nothing, with the reason. */
type Outcome = 'computed' | 'refused' | `changes nothing: ${string}`;

interface Row {
  path: string;
  /** Layer types in which the field can stand; empty for solvers and nets. */
  types: Set<string>;
  outcome: Outcome;
}

/** The fields of `schema` that the dialect has and BVLC's Caffe has not, as far as `use` reaches. */
function ownFields(
  dialect: Dialect,
  schema: MessageSchema,
  use: MessageUse | undefined,
  path = '',
): [string, Outcome][] {
  return [...schema.fields.values()].flatMap((field): [string, Outcome][] => {
    const made: FieldUse | undefined = use && Object.hasOwn(use, field.name) ? use[field.name] : undefined;
    const here = `${path}${field.name}`;
    const isOwn = fieldOrigins(schema.name, field.name).includes(forkName(dialect));
    if (field.kind === 'message' && typeof made !== 'string' && made !== true && (made !== undefined || isOwn)) {
      const inner = made === undefined ? [] : ownFields(dialect, field.message, made as MessageUse, `${here}.`);
      return made === undefined ? [[here, 'refused']] : inner;
    }
    if (!isOwn && field.kind === 'enum' && (made === true || made instanceof Set)) {
      const isRead = (value: string) => made !== true && made.has(value);
      return [...field.enum.values.keys()]
        .filter((value) => isForeignValue(field.enum.name, value))
        .filter((value) => valueOrigins(field.enum.name, value).includes(forkName(dialect)))
        .map((value) => [`${here}: ${value}`, isRead(value) ? 'computed' : 'refused']);
    }
    if (!isOwn) return [];
    return [
      [
        here,
        made === undefined
          ? 'refused'
          : made === true || made instanceof Set
            ? 'computed'
            : `changes nothing: ${made as string}`,
      ],
    ];
  });
}

function rowsOf(dialect: Dialect): Row[] {
  const rows = new Map<string, Row>();
  const add = ([path, outcome]: [string, Outcome], type?: string) => {
    const key = `${path} ${outcome}`;
    const row = rows.get(key) ?? { path, types: new Set<string>(), outcome };
    if (type !== undefined) row.types.add(type);
    rows.set(key, row);
  };
  const layer = dialectSchema(dialect, 'LayerParameter');
  for (const { type, fields } of layerTypes()) {
    for (const [name, use] of Object.entries(fields)) {
      const field = layer.fields.get(name);
      if (field?.kind !== 'message') continue;
      for (const [path, outcome] of ownFields(dialect, field.message, use as MessageUse, `${name}.`)) {
        add([path, separatedFields(dialect, type).includes(path) ? 'computed' : outcome], type);
      }
    }
  }
  const common = [...layer.fields.values()].filter(({ name, kind }) => kind !== 'message' || name in COMMON_FIELDS);
  const commonSchema = {
    ...layer,
    name: layer.name,
    fullName: layer.fullName,
    fields: new Map(common.map((f) => [f.name, f])),
  };
  ownFields(dialect, commonSchema, COMMON_FIELDS).forEach((each) => add(each, 'any'));
  ownFields(dialect, dialectSchema(dialect, 'NetParameter'), { ...NET_FIELDS, layer: true, layers: true }).forEach(
    (each) => add(each, 'the net'),
  );
  ownFields(dialect, dialectSchema(dialect, 'SolverParameter'), SOLVER_FIELDS).forEach((each) =>
    add(each, 'the solver'),
  );
  return [...rows.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function chapter(dialect: Dialect): { text: string; counts: number[] } {
  const rows = rowsOf(dialect);
  const counts = ['computed', 'refused', 'changes'].map(
    (kind) => rows.filter(({ outcome }) => outcome.startsWith(kind)).length,
  );
  const lines = rows.map(
    ({ path, types, outcome }) => `| \`${path}\` | ${[...types].sort().join(', ')} | ${outcome} |`,
  );
  const table = ['| field | where | |', '| --- | --- | --- |', ...lines].join('\n');
  return { text: rows.length === 0 ? '' : `## ${forkName(dialect)}\n\n${table}\n`, counts };
}

const chapters = DIALECTS.filter((dialect) => dialect !== 'bvlc').map((dialect) => ({ dialect, ...chapter(dialect) }));
const summary = chapters.map(({ dialect, counts }) => `| ${forkName(dialect)} | ${counts.join(' | ')} |`);
const text = `# What of your fork works

Made by \`npm run document-fork-fields\`; do not edit.

Forks of Caffe add fields to the messages of layers, nets and solvers. A field that is set away from its default is computed, or
refused with its file and line, or listed here as one that changes nothing, with the reason; so is a value that a fork adds to an enum. Nothing is passed over in silence. Only layer
types that caffe-quant knows are listed; a net with another type is refused by that type.

| fork | computed | refused | change nothing |
| --- | --- | --- | --- |
${summary.join('\n')}

${chapters
  .map((each) => each.text)
  .filter(Boolean)
  .join('\n')}`;

const formatted = await format(text, { ...(await resolveConfig(FILE)), parser: 'markdown' });
if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== formatted) {
    console.error('docs/forks.md is not what the layers say: run `npm run document-fork-fields`.');
    process.exitCode = 1;
  }
} else writeFileSync(FILE, formatted);
