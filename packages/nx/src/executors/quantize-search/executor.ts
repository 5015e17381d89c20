import type { PromiseExecutor } from '@nx/devkit';
import { concludeSearch } from '@caffe-quant/pipeline/search';
import type { GivenOptions } from '../../given-options.ts';
import { runForProject } from '../../run-stage-executor.ts';

const execute: PromiseExecutor<GivenOptions> = (options, context) =>
  runForProject('quantize-search', 'retrain', options, context, concludeSearch);

export default execute;
