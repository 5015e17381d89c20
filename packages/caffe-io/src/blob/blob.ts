/** An array of numbers with its shape: a parameter of a layer, or a mean image. */
export interface Blob {
  /** Axes, outermost first; row-major. [N, C, H, W] for blobs of before 2014, [count] for a blob without a shape. */
  shape: number[];
  /**
   * The values in float32, whatever the file stores; empty where it holds only integers. May be a view of the bytes
   * that were read.
   */
  data: Float32Array;
  /** Gradients, where a snapshot was told to keep them. */
  diff?: Float32Array;
  /** The exact values, where a Caffe of double precision wrote them. They are what is written again. */
  double?: Float64Array;
  doubleDiff?: Float64Array;
  /** Weights of an AMCT deploy model. It has integers instead of `data`. */
  int8?: Int8Array;
  /** Biases of an AMCT deploy model. */
  int32?: Int32Array;
  /** Dequantization factors of an AMCT deploy model: the float32's bits in the low half, offset_w from bit 32. */
  uint64?: BigUint64Array;
  /** How the file stored the blob, where not as today's Caffe does. The writer keeps to it as long as no value is lost. */
  form?: BlobForm;
}

export interface BlobForm {
  /** `legacy`: num, channels, height, width. `none`: no shape at all. */
  shape?: 'legacy' | 'none';
  /** NVIDIA's half precision numbers. */
  float16?: true;
}

/** Numbers that a shape holds; 1 for a scalar's empty shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

/** What a reader puts in the place of a blob that an HDF5 file leaves out, since another layer owns it. */
export const absentBlob = (): Blob => ({ shape: [0], data: new Float32Array(0) });

export const isAbsent = ({ shape, data }: Blob): boolean => data.length === 0 && shape.length === 1 && shape[0] === 0;
