/** Nx ends a task five seconds after it has told it to stop; who has pressed Ctrl-C waits no longer either. */
const PATIENCE_MS = 4000;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `work` with a signal that is aborted when the process is told to stop. Work that does not end in time is ended: the
 * process exits with status 130.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let patience: NodeJS.Timeout | undefined;
  const stop = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    patience = setTimeout(() => process.exit(130), PATIENCE_MS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(patience);
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
