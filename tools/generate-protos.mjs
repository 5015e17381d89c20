/**
 * Compiles proto/*.proto into the packages that use them: protobufjs's JSON descriptor and one TypeScript
 * interface per message; and proto/dialects/*.tsv into descriptors of what Caffe's forks add. The output is committed, since a published package cannot reach outside itself.
 *
 *     npm run generate             writes the files
 *     npm run generate -- --check  writes nothing, fails where a committed file is stale
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import protobuf from 'protobufjs';
import { declareAnyDialect } from './any-dialect.mjs';
import { readDialects } from './dialect-descriptors.mjs';
import { SCALARS } from './scalar-types.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Schema, and the file made from it. */
const TARGETS = [
  ['caffe', 'packages/caffe-io/src/generated/caffe.ts'],
  ['retrain_config_caffe', 'packages/config/src/generated/retrain-config-caffe.ts'],
  ['scale_offset_record_caffe', 'packages/deploy/src/generated/scale-offset-record-caffe.ts'],
  ['onnx', 'packages/kernels/src/generated/onnx.ts'],
];

const DIALECTS = 'packages/caffe-io/src/generated/dialects.ts';

const ANY_DIALECT = 'packages/caffe-io/src/generated/any-dialect.ts';

/** The messages whose fields the descriptors of layers, nets and solvers name. */
const DESCRIBED = ['LayerParameter', 'NetParameter', 'SolverParameter'];

/** The TypeScript text for the messages as any dialect may have them. */
function generateAnyDialect() {
  const { root } = protobuf.parse(readFileSync(`${ROOT}proto/caffe.proto`, 'utf8'), { keepCase: true });
  root.resolveAll();
  const forks = readDialects(`${ROOT}proto/dialects`).map(([, , descriptor]) => descriptor.nested.caffe);
  return declareAnyDialect([{ nested: descriptors(root.lookup('caffe')) }, ...forks], DESCRIBED);
}

/** The TypeScript text for the forks' tables. */
function generateDialects() {
  const dialects = readDialects(`${ROOT}proto/dialects`);
  const lines = [
    '// Made by tools/generate-protos.mjs from proto/dialects/*.tsv. Do not edit.',
    "import type { JsonDescriptor } from 'caffe-prototxt-parser';",
    '',
    'export type DialectName =',
    ...dialects.flatMap(([name, origin]) => [`  /** ${origin} */`, `  | '${name}'`]),
  ];
  lines[lines.length - 1] += ';';
  lines.push(
    '',
    '/** Where each fork is, for messages. */',
    'export const dialectOrigins: Readonly<Record<DialectName, string>> = {',
  );
  lines.push(...dialects.map(([name, origin]) => `  ${printKey(name)}: ${JSON.stringify(origin)},`), '};');
  lines.push('', "/** What each fork's caffe.proto has that BVLC/caffe has not, or has under another number. */");
  lines.push('export const dialects: Readonly<Record<DialectName, JsonDescriptor>> = {');
  for (const [name, , descriptor] of dialects) lines.push(`  ${printKey(name)}: ${printJson(descriptor, '  ')},`);
  return `${lines.join('\n')}\n};\n`;
}

/** The TypeScript text for one .proto text. */
export function generate(name, protoText) {
  const { root, package: packageName } = protobuf.parse(protoText, { keepCase: true, alternateCommentMode: true });
  root.resolveAll();
  const namespace = root.lookup(packageName);
  const lines = [
    `// Made by tools/generate-protos.mjs from proto/${name}.proto. Do not edit.`,
    "import type { JsonDescriptor } from 'caffe-prototxt-parser';",
    '',
  ];
  for (const member of namespace.nestedArray) declare(member, '', lines);
  lines.push('/** Every message by its name in the schema. */', 'export interface Messages {');
  for (const [path, type] of messageNames(namespace)) lines.push(`  ${printKey(path)}: ${type};`);
  lines.push('}', '');
  const json = { nested: { [packageName]: { nested: descriptors(namespace) } } };
  lines.push(`/** The schema as protobufjs's JSON descriptor. */`);
  lines.push(`export const descriptor: JsonDescriptor = ${printJson(json, '')};`);
  return `${lines.join('\n')}\n`;
}

function declare(member, prefix, lines) {
  const name = prefix + member.name;
  if (member instanceof protobuf.Enum) {
    comment(member.comment, '', lines);
    lines.push(`export type ${name} =`, ...Object.keys(member.values).map((value) => `  | '${value}'`));
    lines[lines.length - 1] += ';';
    lines.push('');
    return;
  }
  comment(member.comment, '', lines);
  if (member.fieldsArray.length === 0) lines.push(`export type ${name} = Record<string, never>;`, '');
  else {
    lines.push(`export interface ${name} {`);
    for (const field of member.fieldsArray) declareField(field, lines);
    lines.push('}', '');
  }
  for (const nested of member.nestedArray) declare(nested, `${name}_`, lines);
}

/** [name in the schema, name of the interface], nested messages included. */
function messageNames(namespace, path = []) {
  return namespace.nestedArray
    .filter((member) => member instanceof protobuf.Type)
    .flatMap((member) => {
      const here = [...path, member.name];
      return [[here.join('.'), here.join('_')], ...messageNames(member, here)];
    });
}

function declareField(field, lines) {
  const type = SCALARS[field.type] ?? field.resolvedType.fullName.split('.').slice(2).join('_');
  const { default: defaultValue } = field.options ?? {};
  const note = [field.comment, defaultValue === undefined ? '' : `Default ${JSON.stringify(defaultValue)}.`];
  comment(note.filter(Boolean).join(field.comment?.endsWith('.') ? ' ' : '. '), '  ', lines);
  if (field.repeated) lines.push(`  ${field.name}: ${type}[];`);
  else if (field.required) lines.push(`  ${field.name}: ${type};`);
  else lines.push(`  ${field.name}?: ${type} | undefined;`);
}

function comment(text, indent, lines) {
  if (text) lines.push(`${indent}/** ${text.replace(/\s+/g, ' ')} */`);
}

/** Only what readers of the schema need: fields, oneofs, enum values, defaults, packing. */
function descriptors(namespace) {
  return Object.fromEntries(
    namespace.nestedArray.map((member) => {
      if (member instanceof protobuf.Enum) return [member.name, { values: { ...member.values } }];
      const entry = { fields: Object.fromEntries(member.fieldsArray.map((field) => [field.name, fieldJson(field)])) };
      const oneofs = member.oneofsArray.map((oneof) => [oneof.name, { oneof: [...oneof.oneof] }]);
      if (oneofs.length > 0) entry.oneofs = Object.fromEntries(oneofs);
      if (member.nestedArray.length > 0) entry.nested = descriptors(member);
      return [member.name, entry];
    }),
  );
}

function fieldJson(field) {
  const options = Object.fromEntries(
    ['default', 'packed'].filter((key) => field.options?.[key] !== undefined).map((key) => [key, field.options[key]]),
  );
  return {
    ...(field.repeated ? { rule: 'repeated' } : field.required ? { rule: 'required' } : {}),
    type: field.type,
    id: field.id,
    ...(Object.keys(options).length > 0 ? { options } : {}),
  };
}

/** A JavaScript literal, one line per leaf object. */
function printJson(value, indent) {
  const isLeaf = typeof value !== 'object' || Array.isArray(value) || !Object.values(value).some(isNested);
  if (isLeaf) return printInline(value);
  const inner = `${indent}  `;
  const entries = Object.entries(value).map(([key, entry]) => `${inner}${printKey(key)}: ${printJson(entry, inner)},`);
  return ['{', ...entries, `${indent}}`].join('\n');
}

function isNested(value) {
  return typeof value === 'object' && !Array.isArray(value) && !('default' in value) && !('packed' in value);
}

function printInline(value) {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(printInline).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).map(([key, entry]) => `${printKey(key)}: ${printInline(entry)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function printKey(key) {
  return /^[A-Za-z_]\w*$/.test(key) ? key : `'${key}'`;
}

function main(check) {
  const outputs = TARGETS.map(([name, output]) => [
    output,
    generate(name, readFileSync(`${ROOT}proto/${name}.proto`, 'utf8')),
  ]);
  for (const [output, text] of [...outputs, [DIALECTS, generateDialects()], [ANY_DIALECT, generateAnyDialect()]]) {
    const path = `${ROOT}${output}`;
    if (readIfThere(path) === text) continue;
    if (check) {
      console.error(`${relative(ROOT, path)} is not what proto/ gives: run \`npm run generate\`.`);
      process.exitCode = 1;
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${relative(ROOT, path)}`);
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.includes('--check'));
