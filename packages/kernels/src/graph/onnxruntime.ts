import { DiagnosticsError } from 'caffe-prototxt-parser';

/**
 * The only way to onnxruntime-node. From 1.29 on the library collects what it runs (names of models and graphs, hashes of
 * graphs and weights), leaves an identifier of the device in the user's folder for caches and sends all of it to its
 * maker, except where `ORT_DISABLE_TELEMETRY` switches that off in the environment of the process before the first
 * session. It is loaded here alone, after that has been seen to. A user who sets the variable to `0` keeps the
 * collection on. Source: onnxruntime's `telemetry_environment.h`, and the files that its releases leave.
 */
export type Onnxruntime = typeof import('onnxruntime-node');

const SWITCH = 'ORT_DISABLE_TELEMETRY';

let loaded: Onnxruntime | undefined;

/**
 * The library, loaded by the first call: what computes nothing does not wait for it.
 * @throws DiagnosticsError where the collection cannot be switched off, or the library does not load here.
 */
export async function loadOnnxruntime(): Promise<Onnxruntime> {
  if (loaded) return loaded;
  switchTelemetryOff();
  try {
    const library = await import('onnxruntime-node');
    // Before the first session. What it has to say of errors comes as an error, and not to the terminal too.
    library.env.logLevel = 'fatal';
    return (loaded = library);
  } catch (error) {
    throw notLoaded(error);
  }
}

/** The library where a session has been opened before, which loads it. */
export function loadedOnnxruntime(): Onnxruntime {
  if (!loaded) throw new Error('onnxruntime is loaded by the first session: open one before making tensors');
  return loaded;
}

/**
 * Sets the variable for the whole process where the user has not. In a worker thread `process.env` may be a copy, which
 * the library does not read; so the environment itself is looked at afterwards.
 * @param environment that of this thread.
 * @param ofProcess reads a variable of the process's own environment.
 * @throws DiagnosticsError where it did not get there.
 */
export function switchTelemetryOff(
  environment: NodeJS.ProcessEnv = process.env,
  ofProcess: (name: string) => string | undefined = processVariable,
): void {
  if (isNo(environment[SWITCH])) return;
  if (isYes(ofProcess(SWITCH))) return;
  environment[SWITCH] = '1';
  if (isYes(ofProcess(SWITCH))) return;
  const message = `onnxruntime would report the names and hashes of models to its maker: ${SWITCH} is not set for the process, and cannot be set from a worker thread`;
  const hint = `start the process with ${SWITCH}=1, or set process.env.${SWITCH} = '1' in its main thread before the worker starts; ${SWITCH}=0 lets onnxruntime report`;
  throw new DiagnosticsError([{ code: 'telemetry', severity: 'error', message, hint }]);
}

/** What onnxruntime takes for yes; anything else leaves the collection on. */
const isYes = (value: string | undefined): boolean => /^(1|true|yes|on)$/i.test(value ?? '');
/** What a user sets who wants the collection; an empty or mistaken value is no such wish. */
const isNo = (value: string | undefined): boolean => /^(0|false|no|off)$/i.test(value ?? '');

/** What is used of `process.report`. */
interface Report {
  excludeNetwork: boolean;
  /** Absent in Node 20. */
  excludeEnv?: boolean;
  getReport(): { environmentVariables?: Record<string, string> };
}

/**
 * A variable as native libraries see it, whichever thread asks: Node's diagnostic report lists the environment of the
 * process itself.
 */
function processVariable(name: string): string | undefined {
  const report = process.report as unknown as Report;
  const { excludeNetwork, excludeEnv } = report;
  // Without the network part, which looks up the names of connected hosts.
  report.excludeNetwork = true;
  if (excludeEnv) report.excludeEnv = false;
  try {
    return report.getReport().environmentVariables?.[name];
  } finally {
    report.excludeNetwork = excludeNetwork;
    if (excludeEnv) report.excludeEnv = excludeEnv;
  }
}

function notLoaded(error: unknown): DiagnosticsError {
  const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  const message = `onnxruntime-node cannot be loaded on ${process.platform} ${process.arch}: ${reason}`;
  const hint = 'install onnxruntime-node again; it has libraries for Linux, macOS and Windows';
  return new DiagnosticsError([{ code: 'engine', severity: 'error', message, hint }]);
}
