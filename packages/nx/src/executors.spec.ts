import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageOptions } from '@caffe-quant/pipeline/graph-time';
import { STAGE_NAMES, STAGES } from '@caffe-quant/pipeline/graph-time';

const PACKAGE = join(process.cwd(), 'packages/nx');
const readJson = (file: string) => JSON.parse(readFileSync(join(PACKAGE, file), 'utf8'));
const { executors } = readJson('executors.json') as {
  executors: Record<string, { implementation: string; schema: string; description: string }>;
};

/** The compiler holds this list against the type. */
const OPTIONS: Readonly<Record<keyof StageOptions, 'string' | 'number' | 'integer'>> = {
  config: 'string',
  net: 'string',
  deploy: 'string',
  solver: 'string',
  weights: 'string',
  outDir: 'string',
  prefix: 'string',
  dataRoot: 'string',
  compat: 'string',
  maxIter: 'integer',
  baseLr: 'number',
  clipLrMult: 'number',
  clipDecayMult: 'number',
  layer: 'string',
};

test('there is an executor for each stage', () => {
  expect(Object.keys(executors)).toEqual(STAGE_NAMES.map((stage) => `quantize-${stage}`));
});

describe.each(STAGE_NAMES)('quantize-%s', (stage) => {
  const { implementation, schema: schemaFile, description } = executors[`quantize-${stage}`]!;

  test('runs its stage', () => {
    const source = implementation.replace('./dist/', 'src/') + '.ts';
    expect(readFileSync(join(PACKAGE, source), 'utf8')).toContain(`runStageExecutor(${stage}Stage,`);
  });

  test('is described as the stage is', () => expect(description).toBe(STAGES[stage].description));

  test('has a schema that is published and agrees with the type', () => {
    expect(existsSync(join(PACKAGE, schemaFile))).toBe(true);
    expect(readJson('package.json').files).toContain('src/executors/**/schema.json');
    const schema = readJson(schemaFile);
    const expected = Object.entries(OPTIONS).filter(([name]) => name !== 'layer' || stage === 'explain');
    const found = Object.entries(schema.properties as Record<string, { type: string; description: string }>);
    expect(found.map(([name, { type }]) => [name, type])).toEqual(expected);
    for (const [, { description: text }] of found) expect(text).toMatch(/\.$/);
    expect(schema).toMatchObject({ version: 2, type: 'object', additionalProperties: false });
  });
});
