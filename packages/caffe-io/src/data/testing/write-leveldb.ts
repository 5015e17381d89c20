import { ClassicLevel } from 'classic-level';

/** Writes a LevelDB with Google's library. */
export async function writeLevelDb(
  folder: string,
  records: readonly (readonly [key: string | Uint8Array, value: Uint8Array])[],
  { compacted = true }: { compacted?: boolean } = {},
): Promise<void> {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(folder, { keyEncoding: 'view', valueEncoding: 'view' });
  await level.open();
  await level.batch(records.map(([key, value]) => ({ type: 'put', key: Buffer.from(key as string), value })));
  if (compacted) await level.compactRange(Buffer.alloc(0), Buffer.alloc(64, 0xff));
  await level.close();
}
