/** OpenCV's IMREAD_COLOR (3 channels), IMREAD_GRAYSCALE (1) and IMREAD_UNCHANGED (as many as the file has). */
export type ColorMode = 'color' | 'gray' | 'unchanged';
