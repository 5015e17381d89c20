import type Sharp from 'sharp';

let loading: Promise<typeof Sharp> | undefined;

/** The image library, loaded on first use: it is a fifth of a second, and few data sets hold image files. */
export function loadSharp(): Promise<typeof Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // Each image is decoded once; there is nothing to remember.
    sharp.cache(false);
    return sharp;
  });
  return loading;
}
