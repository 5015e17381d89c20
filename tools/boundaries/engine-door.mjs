/**
 * For eslint: onnxruntime is loaded by one module alone, which switches its telemetry off first. Its types may be imported
 * anywhere.
 */
const DOOR = 'packages/kernels/src/graph/onnxruntime.ts';
const message = `Load onnxruntime through ${DOOR}, which switches its telemetry off first.`;
const LIBRARY = '/^onnxruntime-(node|common|web)(\\u002F|$)/';

export default [
  {
    files: ['**/*.{ts,mts,cts,js,mjs,cjs}'],
    ignores: [DOOR],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^onnxruntime-(node|common|web)(/|$)', allowTypeImports: true, message }] },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: `ImportExpression[source.value=${LIBRARY}]`, message },
        { selector: `CallExpression[callee.name='require'][arguments.0.value=${LIBRARY}]`, message },
      ],
    },
  },
];
