import { InferenceSession } from 'onnxruntime-node';
export const hello = () => 'hi ' + typeof InferenceSession;
