/**
 * The order of jest, longest first, also where no earlier run tells how long a test takes, as in a clean clone. There jest
 * begins with the largest files, and would end with one worker waiting for the other's tests through Nx.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const isThroughNx = ({ path }) => /[\\/]e2e[\\/]/.test(path);

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => typeof duration === 'number')) return sorted;
    return [...sorted.filter(isThroughNx), ...sorted.filter((test) => !isThroughNx(test))];
  }
};
