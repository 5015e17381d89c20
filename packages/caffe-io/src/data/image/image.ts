/** An image as OpenCV holds it: pixel by pixel, [height, width, channels], uint8; colours are blue, green, red. */
export interface Image {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
}
