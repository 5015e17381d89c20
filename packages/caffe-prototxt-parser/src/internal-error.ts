import type { Diagnostic } from './diagnostic.ts';

/** In the environment it asks the command line and the executors for the stack of an internal error. */
export const DEBUG_VARIABLE = 'CAFFE_QUANT_DEBUG';

/**
 * What is said of a fault of the program itself, or of a library under it, that no check of the user's files foresaw: where
 * it happened, as far as that is known, in our own words. The error itself belongs into the `cause` of the DiagnosticsError.
 */
export const internalError = (message: string, where: Omit<Partial<Diagnostic>, 'message'> = {}): Diagnostic => ({
  code: 'internal-error',
  severity: 'error',
  hint: `please report it; with ${DEBUG_VARIABLE}=1 in the environment the place in the program is printed`,
  ...where,
  message,
});

/** True for the errors that JavaScript itself throws, whose text says nothing to a user. */
export const isJavaScriptError = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  error instanceof SyntaxError ||
  error instanceof URIError;
