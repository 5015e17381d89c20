/** A graphics or compute device, as the system lists it. */
export interface Adapter {
  readonly name: string;
  /** The driver's name, version or digest, as far as the system tells. */
  readonly driver?: string;
}

/** What a source of the system says; undefined where it is not there or says nothing. */
export interface Listing {
  /** Where it is from, in words. */
  readonly source: string;
  readonly adapters: readonly Adapter[];
}

/** A listing, if it has an adapter. */
export const listing = (source: string, adapters: readonly Adapter[]): Listing | undefined =>
  adapters.length > 0 ? { source, adapters } : undefined;
