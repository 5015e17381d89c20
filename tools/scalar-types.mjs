/** The TypeScript type of each scalar type of protobuf that the schemas use. */
export const SCALARS = {
  double: 'number',
  float: 'number',
  int32: 'number',
  uint32: 'number',
  int64: 'number',
  uint64: 'number',
  bool: 'boolean',
  string: 'string',
  bytes: 'Uint8Array',
};
