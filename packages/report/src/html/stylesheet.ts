/**
 * The page's only stylesheet. Colours are named by role and have a light and a dark value; print is light. Curves and
 * ranges differ in line style too, so that they can be told apart without colour.
 */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f7f8fa; --ink: #1b1f24; --quiet: #57606a; --line: #d5dae0;
  --data: #2f6db5; --faint: #a9c4e4; --clip: #b3480a; --clip-band: #fbe6d8; --start: #6b7280; --clipped: #d9534f;
  --kept: #1a7f4b; --kept-page: #e7f5ed; --reduced: #8f5a00; --reduced-page: #fdf3dc; --lost: #b42318; --lost-page: #fdeceb;
  --link: #1f5fa8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1b1f25; --ink: #e6e9ed; --quiet: #9aa4b0; --line: #343b44;
    --data: #6aa5e8; --faint: #35557a; --clip: #f08c4a; --clip-band: #3a2a20; --start: #9aa4b0; --clipped: #e5726e;
    --kept: #5cc98e; --kept-page: #15291f; --reduced: #e3b04b; --reduced-page: #2d2515; --lost: #f28b82; --lost-page: #331c1b;
    --link: #82b4ef;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 40px 0 10px; }
h3 { font-size: 16px; margin: 0 0 4px; overflow-wrap: anywhere; }
h1 .quiet, h3 .quiet { font-weight: 400; }
p { margin: 0 0 8px; }
a { color: var(--link); }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: break-word; unicode-bidi: isolate; }
.quiet { color: var(--quiet); }
.verdict { display: flex; gap: 16px; margin: 20px 0; padding: 16px 20px; border-left: 5px solid var(--quiet); border-radius: 4px; background: var(--card); }
.verdict p { margin: 0; }
.verdict .headline { font-size: 20px; font-weight: 650; }
.verdict .sign { font-size: 24px; line-height: 30px; font-weight: 700; }
.verdict.kept { border-color: var(--kept); background: var(--kept-page); }
.verdict.kept .headline, .verdict.kept .sign { color: var(--kept); }
.verdict.reduced { border-color: var(--reduced); background: var(--reduced-page); }
.verdict.reduced .headline, .verdict.reduced .sign { color: var(--reduced); }
.verdict.lost { border-color: var(--lost); background: var(--lost-page); }
.verdict.lost .headline, .verdict.lost .sign { color: var(--lost); }
.warnings { margin: 0; padding: 12px 20px 12px 36px; border-left: 5px solid var(--reduced); border-radius: 4px; background: var(--reduced-page); }
.scroll { overflow-x: auto; margin: 0 0 8px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: 5px 20px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
thead th { color: var(--quiet); font-weight: 500; white-space: nowrap; vertical-align: bottom; }
th.number, td.number { text-align: right; white-space: nowrap; }
article { margin: 20px 0 0; padding: 18px 20px; border: 1px solid var(--line); border-radius: 6px; background: var(--card); }
.figures { display: flex; flex-wrap: wrap; gap: 16px 24px; margin: 12px 0 0; }
.figures > figure { flex: 0 1 345px; }
.figures > .scroll { flex: 1 1 560px; margin: 0; min-width: 0; }
.training { display: grid; grid-template-columns: minmax(0, 7fr) minmax(0, 4fr); gap: 16px 24px; margin: 12px 0 0; }
figure { margin: 0; min-width: 0; }
figure > svg { display: block; width: 100%; height: auto; }
figcaption { margin-bottom: 4px; }
.legend { font-size: 13px; color: var(--quiet); }
.key { display: inline-block; margin-right: 14px; }
.key svg { vertical-align: middle; }
svg path { fill: none; }
.tick { font: 11px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--quiet); font-variant-numeric: tabular-nums; }
.grid { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--quiet); stroke-width: 1; }
.zero { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 1 3; }
.curve { stroke: var(--data); stroke-width: 2; stroke-linejoin: round; }
.curve-faint { stroke: var(--faint); stroke-width: 1; stroke-linejoin: round; }
.clip-start { stroke: var(--start); stroke-width: 1.5; stroke-dasharray: 5 3; }
.clip-end { stroke: var(--clip); stroke-width: 2; stroke-linejoin: round; }
.restore { stroke: var(--lost); stroke-width: 1; stroke-dasharray: 2 2; }
svg .band { fill: var(--clip-band); }
svg .bars { fill: var(--data); }
svg .bars-clipped { fill: var(--clipped); }
.key-clipped { stroke: var(--clipped); stroke-width: 8; }
svg.difference { vertical-align: middle; }
svg .loss { fill: var(--clipped); }
svg .gain { fill: var(--kept); }
#models tbody th { white-space: nowrap; }
article td:last-child { min-width: 17em; }
article th, article td { padding-top: 3px; padding-bottom: 3px; }
@media (max-width: 720px) {
  main { padding: 18px 14px 40px; }
  .training { grid-template-columns: minmax(0, 1fr); }
  article { padding: 14px; }
  svg.difference { display: none; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --ink: #000000; --quiet: #444c56; --line: #c4cad1;
    --data: #2f6db5; --faint: #a9c4e4; --clip: #b3480a; --clip-band: #fbe6d8; --start: #6b7280; --clipped: #d9534f;
    --kept: #1a7f4b; --kept-page: #ffffff; --reduced: #8f5a00; --reduced-page: #ffffff; --lost: #b42318; --lost-page: #ffffff;
    --link: #000000;
  }
  body { font-size: 11px; }
  h2 { font-size: 15px; margin-top: 22px; }
  h3 { font-size: 13px; }
  .legend { font-size: 9.5px; }
  .figures > figure { flex-basis: 30%; }
  article { margin-top: 12px; padding: 10px 12px; }
  th, td { padding-top: 3px; padding-bottom: 3px; }
  main { max-width: none; padding: 0; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; }
  h2, h3 { break-after: avoid; }
  article, figure, tr, .verdict { break-inside: avoid; }
}
`;
