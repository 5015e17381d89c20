import type { MessageNode } from 'caffe-prototxt-parser';
/** How the images were prepared that a net was trained on. What is absent stays as the prototxt has it. */
export interface Preparation {
    /** Taken off each channel, in the order of the net's channels; one number is for all of them. Or the path of a binaryproto. */
    readonly mean?: readonly number[] | string;
    /** Multiplies what is left. */
    readonly scale?: number;
    /** Default: bgr, as OpenCV reads images. */
    readonly channelOrder?: 'bgr' | 'rgb';
    /** To which images are resized. */
    readonly size?: readonly [height: number, width: number];
    /** What is cut out of the middle, after that. */
    readonly crop?: number;
}
/**
 * What the words of a command line ask for.
 *
 * @throws DiagnosticsError with everything that is wrong with them
 */
export declare function parsePreparation(given: {
    mean?: string;
    scale?: number;
    channelOrder?: 'bgr' | 'rgb';
    size?: string;
    crop?: number;
}): Preparation;
/**
 * Writes into a data layer how images are prepared.
 *
 * @param type of the layer
 * @throws DiagnosticsError where that layer cannot do it
 */
export declare function setPreparation(layer: MessageNode, type: string, preparation: Preparation, file: string): void;
//# sourceMappingURL=preparation.d.ts.map