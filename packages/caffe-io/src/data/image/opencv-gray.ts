/** OpenCV's gray of blue, green, red in 14 bits (utils.cpp of imgcodecs, icvCvt_BGR2Gray_8u_C3C1R). */
export function opencvGray(b: number, g: number, r: number): number {
  return (1868 * b + 9617 * g + 4899 * r + 8192) >> 14;
}
