import { DiagnosticsError, type Diagnostic } from 'caffe-prototxt-parser';
import { aboutTheNet } from './try-export.ts';

const NET = { file: 'net.prototxt', layers: [{ name: 'conv', line: 7 }] } as unknown as Parameters<
  typeof aboutTheNet
>[1];
const OWN = new Set(['m_deploy_model.prototxt', 'm_scale_offset_record.txt']);
const moved = (...diagnostics: Diagnostic[]): Error => aboutTheNet(new DiagnosticsError(diagnostics), NET, OWN);
const error = { code: 'x', severity: 'error', message: 'is wrong' } as const;

test('an error about a layer stands at the line where the user wrote the layer', () => {
  expect(moved({ ...error, file: 'm_deploy_model.prototxt', line: 30, column: 3, layer: 'conv' })).toMatchObject({
    diagnostics: [{ ...error, file: 'net.prototxt', line: 7, layer: 'conv' }],
  });
});

test('an error about a layer that was put in has no line', () => {
  const { diagnostics } = moved({
    ...error,
    file: 'm_deploy_model.prototxt',
    line: 30,
    layer: 'conv_quant',
  }) as DiagnosticsError;
  expect(diagnostics).toEqual([{ ...error, file: 'net.prototxt', layer: 'conv_quant' }]);
});

test('an error in a record that was written here is a fault of this program', () => {
  const found = moved({ ...error, file: 'm_scale_offset_record.txt', line: 3, layer: 'conv' });
  expect(found).not.toBeInstanceOf(DiagnosticsError);
  expect(found.message).toBe('internal error: m_scale_offset_record.txt, line 3: is wrong');
});

test("errors in the user's files stay", () => {
  const own = { ...error, file: 'net.prototxt', line: 2, layer: 'conv' };
  expect(moved(own)).toMatchObject({ diagnostics: [own] });
});
