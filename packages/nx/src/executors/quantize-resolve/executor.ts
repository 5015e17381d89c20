import { hello } from '@caffe-quant/pipeline';
export default async function run() { console.log(hello()); return { success: true }; }
