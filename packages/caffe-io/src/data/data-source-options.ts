/** How the data of a layer are opened and read. */
export interface DataSourceOptions {
  /** Decides where a crop is taken from. */
  readonly phase: 'TRAIN' | 'TEST';
  /** Turns a path as the prototxt gives it into one that can be opened; may throw a DiagnosticsError of its own. */
  readonly resolvePath: (path: string) => string;
  /** Where relative paths in a list of files may begin, in order of preference; the list's own folder comes last. */
  readonly folders?: readonly string[];
  /** Whether some layer of the net reads a blob of this name; default: each is read. */
  readonly reads?: (blob: string) => boolean;
  /** Of random crops, flips and shuffles; any integer. */
  readonly seed: number;
  /** The prototxt and the line of the layer, for diagnostics. */
  readonly file: string;
  readonly line?: number | undefined;
}
