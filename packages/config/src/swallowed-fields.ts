import type { Diagnostic } from 'caffe-prototxt-parser';

/** Fields of the config's top level, with the beginning of a value behind them. */
const FIELD =
  /\b(batch_num|retrain_(?:data|weight)_quant_config|(?:quant_)?skip_(?:layers|layer_types|types)|override_layer_(?:configs|types))\s*(?::\s*["'\d[{]|\{)/;

/**
 * Fields that a comment has swallowed: in a config pasted from a page that lost its line breaks, everything behind the first
 * `#` is a comment, and nothing of it counts. A field that begins a comment was commented out on purpose; one behind words
 * hardly.
 */
export function checkSwallowedFields(text: string, file: string): Diagnostic[] {
  const lines = text.split(/\r?\n/);
  const isOneLine = lines.filter((line) => line.trim() !== '').length === 1;
  return lines.flatMap((line, index): Diagnostic[] => {
    const start = commentStart(line);
    if (start === undefined) return [];
    const comment = line.slice(start + 1);
    const field = FIELD.exec(comment);
    if (field === null || comment.slice(0, field.index).trim() === '') return [];
    const place = { file, line: index + 1, column: start + 2 + field.index };
    const name = field[1];
    if (!isOneLine) {
      const message = `\`${name}\` stands in a comment, and does not count`;
      const hint = 'if it is to count, begin a line with it';
      return [{ code: 'swallowed-field', severity: 'warning', message, ...place, hint }];
    }
    const whole =
      line.slice(0, start).trim() === '' ? 'the config is one comment' : 'the rest of the config is a comment';
    const message = `${whole}, from \`${name}\` on too: it has lost its line breaks, and nothing of it counts`;
    const hint = `begin a line with ${name}, and with what follows behind every other comment`;
    return [{ code: 'swallowed-field', severity: 'error', message, ...place, hint }];
  });
}

/** Where the comment of a line begins; a `#` in a text is none. */
function commentStart(line: string): number | undefined {
  let quote: string | undefined;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (quote !== undefined) {
      if (character === '\\') i++;
      else if (character === quote) quote = undefined;
    } else if (character === '#') return i;
    else if (character === '"' || character === "'") quote = character;
  }
  return undefined;
}
