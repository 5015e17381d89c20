import {
  absentValue,
  type Dialect,
  DIALECTS,
  dialectSchema,
  FORK_DEFAULTS,
  type MessageUse,
} from '@caffe-quant/caffe-io';
import type { MessageSchema } from 'caffe-prototxt-parser';
import { COMMON_FIELDS } from '../layers/common-fields.ts';
import { layerTypes } from '../layers/registry.ts';
import { SOLVER_FIELDS } from '../solvers/solver-fields.ts';
import { NET_FIELDS } from './check-net.ts';

/**
 * A field that is read, and whose default some fork has changed, is given its fork's default: nobody who adds a fork or a
 * layer type forgets it.
 */

/** Where another place sees to it, with the reason. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'Upsample upsample_param.scale': "2 is that of SegNet's layer, which has two bottoms, 1 that of the one with one",
  'the solver test_initialization': 'solverSettings takes the default of the dialect',
};

/** The defaults that forks give the fields that `use` says are read, by path. */
function defaults(
  dialect: Dialect,
  schema: MessageSchema,
  use: MessageUse,
  into: Map<string, Set<string>>,
  owner: string,
): void {
  for (const field of schema.fields.values()) {
    const made = Object.hasOwn(use, field.name) ? use[field.name] : undefined;
    if (made === undefined || typeof made === 'string') continue;
    const path = `${owner}${field.name}`;
    if (field.kind === 'message') {
      const all = () => Object.fromEntries([...field.message.fields.keys()].map((name) => [name, true as const]));
      const inner = made === true || made instanceof Set ? all() : (made as MessageUse);
      if (!RECURSIVE.has(field.message.name)) defaults(dialect, field.message, inner, into, `${path}.`);
      continue;
    }
    const value = absentValue(field);
    const values = into.get(path) ?? new Set<string>();
    into.set(path, values.add(JSON.stringify(typeof value === 'number' ? Math.fround(value) : value) ?? 'none'));
  }
}

/** Whose fields the layers have, below. */
const RECURSIVE: ReadonlySet<string> = new Set(['LayerParameter', 'V1LayerParameter', 'NetParameter']);

const found = new Map<string, Set<string>>();
for (const dialect of DIALECTS) {
  const layer = dialectSchema(dialect, 'LayerParameter');
  for (const { type, fields } of layerTypes()) {
    defaults(dialect, layer, { ...COMMON_FIELDS, ...fields }, found, `${type} `);
  }
  defaults(dialect, dialectSchema(dialect, 'NetParameter'), NET_FIELDS, found, 'the net ');
  defaults(dialect, dialectSchema(dialect, 'SolverParameter'), SOLVER_FIELDS, found, 'the solver ');
}
const changed = [...found].filter(([, values]) => values.size > 1).map(([path]) => path);

test('every default that a fork changed is written out where the net is read', () => {
  const written = FORK_DEFAULTS.flatMap(({ type, param, fields }) => fields.map((name) => `${type} ${param}.${name}`));
  expect(changed.toSorted()).toEqual([...written, ...Object.keys(ELSEWHERE)].toSorted());
});
