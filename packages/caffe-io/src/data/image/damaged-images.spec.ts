import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeImage } from './decode-image.ts';
import { ImageError } from './image-error.ts';

const fixtures = join(__dirname, 'fixtures');
const images = readdirSync(fixtures)
  .filter((name) => /\.(jpg|png|bmp)$/.test(name))
  .map((name) => readFileSync(join(fixtures, name)));

it('a damaged image is decoded or refused, and nothing else happens', async () => {
  const damage = fc.array(fc.tuple(fc.nat(1500), fc.nat(255)), { maxLength: 4 });
  const share = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
  const mode = fc.constantFrom('color' as const, 'gray' as const, 'unchanged' as const);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...images), damage, share, mode, async (image, changes, kept, asked) => {
      const bytes = Buffer.from(image.subarray(0, Math.floor(image.length * kept)));
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
      try {
        const { channels, height, width, pixels } = await decodeImage(bytes, asked);
        expect(pixels.length).toBe(channels * height * width);
        if (asked !== 'unchanged') expect(channels).toBe(asked === 'color' ? 3 : 1);
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});
