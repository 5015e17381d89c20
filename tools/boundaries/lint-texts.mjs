/**
 * Lints texts as if they stood in files of this repository: `[[file, text], …]` as JSON on stdin, the messages of each text
 * as JSON on stdout. eslint's configuration is an ES module, which jest cannot load.
 */
import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';

const eslint = new ESLint();
const messages = [];
for (const [filePath, text] of JSON.parse(readFileSync(0, 'utf8'))) {
  const [result] = await eslint.lintText(text, { filePath });
  messages.push(result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}
process.stdout.write(JSON.stringify(messages));
