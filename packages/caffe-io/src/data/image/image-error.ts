/** What keeps the bytes of an image from being pixels that can be used; the caller knows whose they are. */
export class ImageError extends Error {}
