/**
 * The node environment of jest, with the outer realm's typed arrays. jest runs tests in a realm of its own, and
 * onnxruntime-node tells a Float32Array by the constructor of the realm it was loaded in.
 *
 * That realm has a copy of the environment, and of what Node's reports are to hold: what is meant for the whole process is
 * set out here.
 */
const { TestEnvironment } = require('jest-environment-node');

process.env.ORT_DISABLE_TELEMETRY ??= '1';
process.report.excludeNetwork = true;

const OUTER_REALM = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Uint8Array',
  'Int8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float32Array',
  'Float64Array',
];

module.exports = class OuterRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of OUTER_REALM) this.global[name] = globalThis[name];
  }
};
