/** The layer that reads a data set, and what it has to say for that. */
export type DataKind = {
    readonly type: 'Data';
    readonly backend: 'LMDB' | 'LEVELDB';
} | {
    readonly type: 'ImageData';
    readonly hasLabels: boolean;
} | {
    readonly type: 'HDF5Data';
};
/** A data set that a user gives. */
export interface GivenData {
    /** As it goes into the prototxt. */
    readonly source: string;
    /** Absent: it is not here, so nobody can tell. */
    readonly kind?: DataKind;
}
/**
 * What a path holds: an LMDB, a LevelDB, images in a folder or in a list, HDF5 files in a folder or in a list.
 *
 * @param path where it is
 * @param source as the user gives it, for messages
 * @throws DiagnosticsError where there is something else
 */
export declare function givenData(path: string, source: string): GivenData;
//# sourceMappingURL=data-kind.d.ts.map