/** One configuration for all packages: tests run on the sources, through the condition that marks them. */
export default {
  testEnvironment: '<rootDir>/tools/jest-environment.cjs',
  testEnvironmentOptions: { customExportConditions: ['@caffe-quant/source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/packages/*/src/**/*.spec.ts', '<rootDir>/tools/**/*.spec.ts', '<rootDir>/e2e/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/packages/[^/]+/dist'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  testSequencer: '<rootDir>/tools/jest-sequencer.cjs',
  maxWorkers: 2,
  /** Against tests that hang, on a machine that has much else to do; how fast anything is, benchmarks tell. */
  testTimeout: 900_000,
};
