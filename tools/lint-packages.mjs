/**
 * Holds every package, as npm would pack it, against publint's rules; any finding fails. The packages must be built.
 *
 *   npm run lint:packages
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

let count = 0;
for (const folder of readdirSync('packages')) {
  const pkgDir = join('packages', folder);
  const pkg = JSON.parse(readFileSync(join(pkgDir, 'package.json'), 'utf8'));
  const { messages } = await publint({ pkgDir, strict: true, pack: 'npm' });
  for (const message of messages) console.error(`${pkg.name}: ${message.type}: ${formatMessage(message, pkg)}`);
  count += messages.length;
}
if (count > 0) {
  console.error(`publint has ${count} findings`);
  process.exitCode = 1;
}
