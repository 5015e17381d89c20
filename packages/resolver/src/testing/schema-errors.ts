/** Checks a value against the few words of JSON Schema that quantPlanSchema uses; each error is a path and a word. */

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  enum?: readonly unknown[];
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean;
  items?: Schema;
  minItems?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

export function schemaErrors(value: unknown, root: object): string[] {
  const schema = root as Schema;
  const check = (part: unknown, given: Schema, path: string): string[] => {
    const at = given.$ref === undefined ? given : (schema.$defs?.[given.$ref.replace('#/$defs/', '')] ?? {});
    const errors: string[] = [];
    const fail = (word: string): void => void errors.push(`${path}: ${word}`);
    if (at.type !== undefined && !isOfType(part, at.type)) fail(`is not a ${at.type}`);
    if (at.enum && !at.enum.includes(part)) fail('enum');
    if (typeof part === 'number') {
      if (at.minimum !== undefined && part < at.minimum) fail('minimum');
      if (at.maximum !== undefined && part > at.maximum) fail('maximum');
      if (at.exclusiveMinimum !== undefined && part <= at.exclusiveMinimum) fail('exclusiveMinimum');
    }
    if (Array.isArray(part)) {
      if (part.length < (at.minItems ?? 0)) fail('minItems');
      errors.push(...part.flatMap((item, i) => check(item, at.items ?? {}, `${path}[${i}]`)));
    } else if (typeof part === 'object' && part !== null) {
      for (const key of at.required ?? []) if (!(key in part)) fail(`lacks ${key}`);
      for (const [key, member] of Object.entries(part)) {
        const property = at.properties?.[key];
        if (property) errors.push(...check(member, property, `${path}.${key}`));
        else if (at.additionalProperties === false) fail(`has ${key}`);
      }
    }
    return errors;
  };
  return check(value, schema, '$');
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
