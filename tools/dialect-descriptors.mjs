/**
 * Reads proto/dialects/*.tsv, tables of what a fork's caffe.proto has beyond BVLC's, into descriptors of those parts.
 * A row is a field (message, name, number, label, type, default) or, with the label `enum`, a value of an enum.
 */
import { readdirSync, readFileSync } from 'node:fs';

const NUMBER_TYPES = ['double', 'float', 'int32', 'uint32', 'int64', 'uint64'];

/** [dialect, what its table says of its origin, descriptor], by name. */
export function readDialects(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.tsv'))
    .sort()
    .map((file) => {
      const [comment, , ...rows] = readFileSync(`${folder}/${file}`, 'utf8').trimEnd().split('\n');
      const root = { nested: {} };
      for (const row of rows) addRow(root, row.split('\t'));
      const origin = comment.slice(2, comment.indexOf(': '));
      return [file.replace('.tsv', ''), origin, { nested: { caffe: root } }];
    });
}

function addRow(root, [path, name, number, rule, type, defaultValue = '']) {
  let node = root;
  for (const part of path.split('.')) {
    node.nested ??= {};
    node = node.nested[part] ??= {};
  }
  if (rule === 'enum') {
    (node.values ??= {})[name] = Number(number);
    return;
  }
  const [label, packed] = rule.split(' ');
  const options = {
    ...(defaultValue === '' ? {} : { default: parseDefault(type, defaultValue) }),
    ...(packed === undefined ? {} : { packed: true }),
  };
  (node.fields ??= {})[name] = {
    ...(label === 'optional' ? {} : { rule: label }),
    type,
    id: Number(number),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

function parseDefault(type, text) {
  if (NUMBER_TYPES.includes(type)) return Number(text);
  return type === 'bool' ? text === 'true' : text;
}
