import type { StageDeclaration } from '../../stage-declaration.ts';
import { EXPORTED_FILES } from '../export/declaration.ts';

export const retrainDeclaration: StageDeclaration = {
  description: 'Quantization-aware training from quant.cfg to the deployable models',
  reads: { resolve: ['plan.json', 'retrain_config.json'], export: 'all', evaluate: 'all', report: 'all' },
  writes: [...EXPORTED_FILES, 'retrain_config.json', 'evaluation.json', '*_report.html', 'summary.txt'],
  stored: false,
  cached: true,
  alone: false,
  numerics: false,
  packages: [],
};
