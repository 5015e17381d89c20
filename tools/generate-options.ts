/**
 * Writes what follows from the declarations of the options and of the stages: the executors' manifest and schemas, and
 * docs/options.md. All of it is committed, since Nx and readers look at files.
 *
 *   npm run generate-options [-- --check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ATTEMPT_DESCRIPTION,
  ATTEMPT_NAMES,
  SEARCH_DESCRIPTION,
  STAGE_NAMES,
  STAGES,
} from '@caffe-quant/pipeline/graph-time';
import {
  declarationOf,
  defaultOf,
  executorSchema,
  expectedOf,
  flagOf,
  OPTION_LIST,
  OPTION_NAMES,
  type OptionDeclaration,
  type OptionName,
  optionsTakenBy,
} from '@caffe-quant/pipeline/options';
import { format, resolveConfig } from 'prettier';

const ROOT = join(import.meta.dirname, '..');
const EXECUTORS = 'packages/nx/src/executors';
const SHARED_SCHEMA = 'schema.json';
const EXPLAIN_SCHEMA = 'quantize-explain/schema.json';
const ATTEMPT_SCHEMA = 'quantize-attempt/schema.json';

const HEADINGS = {
  files: 'What is read',
  calibration: 'Calibration',
  training: 'Training',
  results: 'Results',
  explain: 'Of quantize-explain alone',
} as const;

const declarationsOf = (names: readonly OptionName[]) =>
  Object.fromEntries(names.map((name) => [name, OPTION_LIST[name]]));

function manifest(): unknown {
  const executors = STAGE_NAMES.map((stage) => [
    `quantize-${stage}`,
    {
      implementation: `./dist/executors/quantize-${stage}/executor`,
      schema: `./src/executors/${stage === 'explain' ? EXPLAIN_SCHEMA : SHARED_SCHEMA}`,
      description: STAGES[stage].description,
    },
  ]);
  const search = [
    ['quantize-search', SHARED_SCHEMA, SEARCH_DESCRIPTION],
    ['quantize-attempt', ATTEMPT_SCHEMA, ATTEMPT_DESCRIPTION],
  ].map(([name = '', schema, description]) => [
    name,
    { implementation: `./dist/executors/${name}/executor`, schema: `./src/executors/${schema}`, description },
  ]);
  const all = Object.fromEntries([...executors, ...search]) as unknown;
  return { $schema: 'https://json-schema.org/draft-07/schema', executors: all };
}

function sharedSchema(): unknown {
  const description =
    'All stages of a project take the same options, which are those of quantize-retrain unless a stage has its own.';
  const options = declarationsOf(optionsTakenBy('retrain'));
  return executorSchema('Options of the quantization stages', description, options);
}

function attemptSchema(): unknown {
  const attempt: OptionDeclaration = {
    type: 'string',
    choices: ATTEMPT_NAMES,
    description: 'Which attempt; each has a target of its own, `quantize-search-<attempt>`.',
    required: true,
  };
  const options = { attempt, ...declarationsOf(optionsTakenBy('retrain')) };
  return executorSchema('quantize-attempt', `${ATTEMPT_DESCRIPTION}.`, options);
}

function explainSchema(): unknown {
  const options = declarationsOf(optionsTakenBy('explain'));
  return executorSchema('quantize-explain', `${STAGES.explain.description}.`, options);
}

function documentation(): string {
  const chapters = Object.entries(HEADINGS).map(([about, heading]) => {
    const names = OPTION_NAMES.filter((name) => declarationOf(name).about === about);
    const head = '| option | takes | does | decides |\n| --- | --- | --- | --- |';
    return `## ${heading}\n\n${head}\n${names.map(row).join('\n')}\n`;
  });
  return `# Options

Made by \`npm run generate\`; do not edit.

Options of the stages: in \`workspace.json\`, in a \`project.json\`, in \`nx.json\` for all projects, or on the command line, where
\`--maxIter 20\` and \`--max-iter 20\` are the same, for \`nx run\` as for \`caffe-quant export\`; \`nx run <project>:quantize-retrain --maxIter 20\`
reaches all stages. Only \`outDir\` stands in files alone, since Nx caches each stage's folder by what it finds there; \`caffe-quant export\` has \`--out\` instead. The last column names the stages whose result an
option decides by itself; what only follows from those is computed anew where they came out otherwise. Of a file it is the content that decides, never its
path. What these options mean is told in [calibration.md](calibration.md) and [training.md](training.md).

${chapters.join('\n')}`;
}

function row(name: OptionName): string {
  const option = declarationOf(name);
  const takes = [expectedOf(option), option.unit].filter(Boolean).join(', ');
  const does = [option.description, defaultOf(option)].filter(Boolean).join(' ');
  const decides = option.decides.join(', ') || 'nothing';
  const flag = name === 'outDir' ? '' : `, \`--${flagOf(name)}\``;
  return `| \`${name}\`${flag} | ${escaped(takes)} | ${escaped(does)} | ${decides} |`;
}

const escaped = (text: string): string => text.replace(/<([^>]*)>/g, '`<$1>`').replaceAll('|', '\\|');

const FILES: readonly (readonly [string, string, 'json' | 'markdown'])[] = [
  ['packages/nx/executors.json', JSON.stringify(manifest()), 'json'],
  [`${EXECUTORS}/${SHARED_SCHEMA}`, JSON.stringify(sharedSchema()), 'json'],
  [`${EXECUTORS}/${EXPLAIN_SCHEMA}`, JSON.stringify(explainSchema()), 'json'],
  [`${EXECUTORS}/${ATTEMPT_SCHEMA}`, JSON.stringify(attemptSchema()), 'json'],
  ['docs/options.md', documentation(), 'markdown'],
];

for (const [name, text, parser] of FILES) {
  const file = join(ROOT, name);
  const formatted = await format(text, { ...(await resolveConfig(file)), objectWrap: 'collapse', parser });
  if (!process.argv.includes('--check')) writeFileSync(file, formatted);
  else if (readFileSync(file, 'utf8') !== formatted) {
    console.error(`${name} is not what the declarations say: run \`npm run generate\`.`);
    process.exitCode = 1;
  }
}
