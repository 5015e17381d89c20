/**
 * TypeScript interfaces of Caffe's messages with the fields of every dialect: BVLC's and all forks'. A field that dialects
 * have under one name with several types has the union of them; every field may be absent.
 */
import { SCALARS } from './scalar-types.mjs';

/**
 * @param schemas descriptors of the package `caffe`, one a dialect
 * @param names the messages that are asked for; those that their fields hold come with them
 */
export function declareAnyDialect(schemas, names) {
  const lines = [
    '// Made by tools/generate-protos.mjs from proto/caffe.proto and proto/dialects/*.tsv. Do not edit.',
    '',
  ];
  const declared = new Set();
  const waiting = [...names];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (declared.has(path)) continue;
    declared.add(path);
    const fields = fieldsOf(schemas, path.split('.'));
    lines.push(`/** \`${path}\` with the fields of every dialect. */`, `export interface ${typeName(path)} {`);
    for (const [field, types] of fields) {
      lines.push(`  ${field}?: ${[...types.keys()].join(' | ')} | undefined;`);
      waiting.push(...[...types.values()].filter((message) => message !== undefined));
    }
    lines.push('}', '');
  }
  return lines.join('\n');
}

const typeName = (path) => `Any${path.replaceAll('.', '_')}`;

/** By a field's name its types, and the paths of the messages among them. What BVLC has as a list is one in every dialect. */
function fieldsOf(schemas, path) {
  const fields = new Map();
  const [bvlc] = schemas.map((schema) => path.reduce((node, part) => node?.nested?.[part], schema)?.fields ?? {});
  for (const schema of schemas) {
    const message = path.reduce((node, part) => node?.nested?.[part], schema);
    for (const [name, field] of Object.entries(message?.fields ?? {})) {
      if (!fields.has(name)) fields.set(name, new Map());
      for (const [type, inner] of typesOf(schemas, path, field)) {
        const rule = bvlc[name]?.rule === 'repeated' ? 'repeated' : field.rule;
        fields.get(name).set(rule === 'repeated' ? `readonly ${arrayOf(type)}[]` : type, inner);
      }
    }
  }
  return fields;
}

const arrayOf = (type) => (type.includes(' ') ? `(${type})` : type);

/** [type, path of the message that it is]. */
function typesOf(schemas, owner, { type }) {
  if (SCALARS[type]) return [[SCALARS[type], undefined]];
  const path = resolveName(schemas, owner, type);
  const values = new Set(
    schemas.flatMap((schema) => Object.keys(path.reduce((node, part) => node?.nested?.[part], schema)?.values ?? {})),
  );
  if (values.size > 0) return [[[...values].map((value) => `'${value}'`).join(' | '), undefined]];
  return [[typeName(path.join('.')), path.join('.')]];
}

/** The path of a type that a field of `owner` names, looked up as protobuf does: from the inside out. */
function resolveName(schemas, owner, name) {
  const parts = name.split('.');
  for (let depth = owner.length; depth >= 0; depth--) {
    const path = [...owner.slice(0, depth), ...parts];
    if (schemas.some((schema) => path.reduce((node, part) => node?.nested?.[part], schema))) return path;
  }
  throw new Error(`${owner.join('.')} has a field of the unknown type ${name}`);
}
