import { type OptionDeclaration, type OptionDeclarations, explanationOf, patternOf } from './declaration.ts';

/** A member of a JSON schema. */
type Json = Readonly<Record<string, unknown>>;

/**
 * Lets Nx take any value where it would say no: Nx checks `anyOf` alone where there is one, and ends with the first thing
 * that is wrong, in its own words. Here the executor tells everything at once. An editor checks the rest of the schema too.
 */
const ANYTHING: Json = {
  anyOf: [{ type: ['string', 'number', 'integer', 'boolean', 'null'] }, { type: 'array' }, { type: 'object' }],
};

/** The schema of an executor's options. */
export function executorSchema(title: string, description: string, declarations: OptionDeclarations): Json {
  return {
    $schema: 'https://json-schema.org/schema',
    $comment: 'Made by `npm run generate`; do not edit.',
    version: 2,
    title,
    description,
    type: 'object',
    properties: Object.fromEntries(Object.entries(declarations).map(([name, option]) => [name, propertyOf(option)])),
    required: Object.keys(declarations).filter((name) => declarations[name]?.required),
    // For editors; Nx does not look at it, and leaves names too to the executor.
    propertyNames: { enum: Object.keys(declarations) },
    additionalProperties: true,
    definitions: { anything: ANYTHING },
  };
}

function propertyOf(option: OptionDeclaration): Json {
  const { type, choices, minimum, maximum, names, glob, important, position } = option;
  const pattern = patternOf(option);
  return {
    type,
    ...(pattern !== undefined ? { pattern } : choices && { enum: choices }),
    ...(type === 'string' && !choices && { minLength: 1 }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    description: explanationOf(option),
    ...(position !== undefined && { $default: { $source: 'argv', index: position } }),
    ...(names === 'file' && { 'x-completion-type': 'file' }),
    ...(names === 'folder' && { 'x-completion-type': 'directory' }),
    ...(glob !== undefined && { 'x-completion-glob': glob }),
    ...(important && { 'x-priority': 'important' }),
    anyOf: [{ $ref: '#/definitions/anything' }],
  };
}
