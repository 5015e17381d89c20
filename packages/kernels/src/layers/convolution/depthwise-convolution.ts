import { convolution } from './convolution.ts';
import { DEPTHWISE_TYPES } from './depthwise-types.ts';

/** The types under which forks have a Convolution whose `group` is the number of channels. */
export const depthwiseConvolutions = DEPTHWISE_TYPES.map((type) => ({ ...convolution, type }));
