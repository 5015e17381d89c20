export { runGraph } from '../graph/run-once.ts';
