import { hello as h } from '@caffe-quant/kernels'; import {x} from './x.ts'; export const hello = () => h()+x;
