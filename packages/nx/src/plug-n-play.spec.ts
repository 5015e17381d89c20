import { refusePlugNPlay } from './plug-n-play.ts';

test("Yarn's Plug'n'Play is refused in words", () => {
  expect(() => refusePlugNPlay({ node: '20', pnp: '3' })).toThrow(
    /Plug'n'Play\n {2}hint: write `nodeLinker: node-modules`/,
  );
  expect(() => refusePlugNPlay()).not.toThrow();
});
