import type { Diagnostic } from 'caffe-prototxt-parser';
import type { Blob } from '../blob/blob.ts';
import type { Dialect } from '../dialects/dialect-schema.ts';
import type { LayerParameter, NetParameter } from '../generated/caffe.ts';

/** The weights of a net, layer by layer, with the description of the net that they were saved with. */
export interface Caffemodel {
  /** The net's name; empty where it has none. */
  name: string;
  /** In the order of the file, in today's form, those without weights included. */
  layers: CaffemodelLayer[];
  /** What the file says of the net besides its layers; `layer` is empty. */
  net: NetParameter;
  /** Which of Caffe's two forms the file has: they differ in what they leave out. */
  format: 'binary' | 'hdf5';
  /** Whose field numbers the file was read by. */
  dialect: Dialect;
  /** Warnings: blobs whose numbers are not as many as their shape takes. */
  diagnostics: Diagnostic[];
}

export interface CaffemodelLayer {
  name: string;
  /** As a prototxt names it: "Convolution". Empty where the file does not say. */
  type: string;
  blobs: Blob[];
  /** The layer's description as it was saved, `blobs` empty. */
  param: LayerParameter;
}
