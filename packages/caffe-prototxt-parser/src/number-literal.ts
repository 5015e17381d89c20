/** Decimal, octal with a leading 0, or hexadecimal; the sign is a token of its own. */
export const INTEGER = /^(?:0|[1-9][0-9]*|0[0-7]+|0[xX][0-9A-Fa-f]+)$/;
/** The number that a name follows without a blank: `100layer`. */
export const GLUED_NUMBER = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?=[A-Za-z_][A-Za-z0-9_]*$)/;
/** `1.`, `.5f`, `1e-5`; integers match too. */
export const FLOAT = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[fF]?$/;

const MAX_SHOWN = 40;

/** What is wrong with what begins like a number but is none. */
export function explainNumber(number: string): { message: string; hint?: string } {
  const message = `\`${number.length > MAX_SHOWN ? `${number.slice(0, MAX_SHOWN)}…` : number}\` is not a number`;
  if (/^0[0-9]+$/.test(number))
    return { message: `${message}: a leading 0 makes it octal`, hint: 'remove the leading zeros' };
  if (/^0[xX]$/.test(number)) return { message: `${message}: it has no hexadecimal digits` };
  const start = GLUED_NUMBER.exec(number)?.[0];
  if (start === undefined || start.length > MAX_SHOWN || /^0[xX]/.test(number)) return { message };
  return { message, hint: `a blank is missing after \`${start}\`, or the value must stand in quotes` };
}
