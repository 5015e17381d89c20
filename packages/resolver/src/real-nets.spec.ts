/**
 * Plans for real nets, written down from the documented rules, a line a layer, before the resolver saw them. The nets are
 * not part of the repository: without them the tests are skipped.
 */
import { BRANCHES_AND_FORKS } from './testing/real-nets/branches-and-forks.ts';
import { LENET_AND_CIFAR } from './testing/real-nets/lenet-and-cifar.ts';
import { OLD_NETS } from './testing/real-nets/old-nets.ts';
import { long } from './testing/real-nets/plan-case.ts';
import { hasRealNets, readRealNets } from './testing/real-nets/read-real-nets.ts';
import { resolve } from './testing/resolve.ts';

const CASES = [...LENET_AND_CIFAR, ...OLD_NETS, ...BRANCHES_AND_FORKS];
const suite = hasRealNets ? describe : describe.skip;

suite('plans for real nets (skipped where the nets are not beside the checkout)', () => {
  let nets: Map<string, string>;
  beforeAll(() => {
    nets = readRealNets(new Set(CASES.map(({ net }) => net)));
  });

  it.each(CASES.map((entry) => [entry.what, entry] as const))('%s', (_, { net, cfg, compat, lines, said }) => {
    const resolved = resolve(nets.get(net) ?? '', cfg, compat);
    expect(resolved.lines).toEqual(lines.map(long));
    const notable = resolved.diagnostics.filter(({ severity }) => severity !== 'info');
    expect(notable.map(({ severity, code, layer }) => [severity, code, layer].join(' ').trim())).toEqual(said ?? []);
  });
});
