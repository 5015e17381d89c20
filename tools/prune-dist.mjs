/**
 * Removes from every package's dist what has no source any more, or one that is not published: tsc leaves it there, and npm would pack it.
 *
 *   npm run build
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

for (const folder of readdirSync('packages')) {
  const dist = join('packages', folder, 'dist');
  if (!existsSync(dist)) continue;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const source = file.replace(dist, join('packages', folder, 'src')).replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
    const isPublished = existsSync(source) && !/\.spec\.ts$|\/(testing|fixtures)\//.test(source.replaceAll('\\', '/'));
    if (entry.isFile() && source.endsWith('.ts') && !isPublished) rmSync(file);
  }
}
