/** Element types of the tensors that the lowerings use, by ONNX's name. */
export type ElementType = 'float' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';

export type Shape = readonly number[];
