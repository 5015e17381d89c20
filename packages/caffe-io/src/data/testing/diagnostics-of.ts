import type { Diagnostic } from 'caffe-prototxt-parser';
import { DiagnosticsError } from 'caffe-prototxt-parser';

/** The diagnostics that a call throws; anything else it throws fails the test. */
export async function diagnosticsOf(call: () => unknown): Promise<readonly Diagnostic[]> {
  try {
    await call();
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics;
    throw error;
  }
  throw new Error('expected an error');
}
