/** OpenCV's `cvRound`: the nearest whole number, of two the even one. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

/** OpenCV's `saturate_cast<uchar>` of a number that is not whole. */
export function toUint8(value: number): number {
  return Math.min(Math.max(roundHalfToEven(value), 0), 255);
}
