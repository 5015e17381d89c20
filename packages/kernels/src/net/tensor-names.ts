/**
 * Names of tensors that stand for the user's blobs, in graphs that stay here. Layers and blobs may have any name, and so may be named as
 * a tensor of another kind would be: each kind begins with a word of its own, and ends in what no name of a node can end in, a slash.
 */

/** Graph input of a blob that comes from outside. */
export const blobInput = (id: string): string => `blob/${id}/`;

const OUTPUT = 'out/';

/** Graph output of a blob, which may be a graph input as well. */
export const blobOutput = (id: string): string => `${OUTPUT}${id}/`;

/** Whether a graph output is that of a blob. */
export const isBlobOutput = (name: string): boolean => name.startsWith(OUTPUT);

/** The id of the blob whose output has this name. */
export const blobOfOutput = (name: string): string => name.slice(OUTPUT.length, -1);
