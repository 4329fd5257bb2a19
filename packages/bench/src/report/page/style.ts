/** The page's look: one column, the system's own letters, numbers of one width, light and dark by the reader's setting. */
export const style: string = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1d2127; --quiet: #6a707a; --grid: #e7e5e0; --line: #dedbd4;
  --ours: #d1480b; --ours-bare: #e9985f; --floor: #747b86; --undici: #2a6fb8; --node: #168578; --fallback: #8a4fbf; --fetch: #b8307c; --axios: #8f6b00; --got: #5a7d1a; --cold: #b3261e;
  --met: #1c7c4c; --missed: #b3261e; --met-soft: #d9efe2; --missed-soft: #f8dcd8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --card: #1b1e23; --ink: #e8e6e1; --quiet: #9aa1ab; --grid: #2c3037; --line: #30343b;
    --ours: #ff8a4c; --ours-bare: #c98a63; --floor: #a3abb7; --undici: #6db0f2; --node: #4fc7b6; --fallback: #c08df0; --fetch: #f07fbc; --axios: #d9b04a; --got: #a5cc5e; --cold: #ff8a80;
    --met: #62d296; --missed: #ff8a80; --met-soft: #17372a; --missed-soft: #44221f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; -webkit-font-smoothing: antialiased; }
main { max-width: 1020px; margin: 0 auto; padding: 56px 24px 96px; }
header .eyebrow { color: var(--ours); font-weight: 600; letter-spacing: .02em; margin: 0 0 8px; }
h1 { font-size: clamp(30px, 5vw, 44px); line-height: 1.12; letter-spacing: -.022em; margin: 0 0 14px; font-weight: 700; text-wrap: balance; }
h2 { font-size: 24px; line-height: 1.25; letter-spacing: -.012em; margin: 72px 0 8px; text-wrap: balance; }
td .quiet { display: inline-block; min-width: 3.6em; font-size: 13px; margin-left: 6px; }
h3 { font-size: 15px; margin: 28px 0 6px; font-weight: 600; }
p { max-width: 68ch; margin: 8px 0; }
.lead { font-size: 19px; color: var(--quiet); max-width: 62ch; }
.quiet { color: var(--quiet); font-size: 14px; }
code { font: .92em ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: color-mix(in srgb, var(--ink) 7%, transparent); padding: .1em .35em; border-radius: 4px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 14px; margin: 36px 0 0; }
.tile, figure, .card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
.tile { padding: 20px 20px 18px; }
.tile b { display: block; font-size: 34px; line-height: 1.1; letter-spacing: -.025em; font-weight: 700; color: var(--ours); }
.tile span { display: block; margin-top: 8px; font-size: 14px; line-height: 1.4; color: var(--quiet); }
figure { margin: 18px 0 0; padding: 18px 20px 14px; overflow-x: auto; }
figure svg { display: block; width: 100%; height: auto; color: var(--quiet); }
.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 13px; font-weight: 600; margin: 4px 0 8px; }
figure svg text { font-variant-numeric: tabular-nums; }
figcaption { font-weight: 600; font-size: 15px; margin-bottom: 8px; }
figcaption small { display: block; font-weight: 400; font-size: 13.5px; color: var(--quiet); max-width: 80ch; }
.card { padding: 6px 20px; margin-top: 18px; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14.5px; }
th { text-align: left; font-weight: 600; color: var(--quiet); font-size: 13px; padding: 10px 12px 8px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
td { padding: 9px 12px 9px 0; border-bottom: 1px solid var(--grid); vertical-align: middle; }
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
.badge { display: inline-block; font-size: 12.5px; font-weight: 600; padding: 2px 9px; border-radius: 999px; white-space: nowrap; }
.met { color: var(--met); background: var(--met-soft); } .missed { color: var(--missed); background: var(--missed-soft); } .unrun { color: var(--quiet); background: var(--grid); }
.bullet { position: relative; height: 12px; min-width: 150px; border-radius: 6px; background: var(--grid); }
.bullet i { position: absolute; inset: 0 auto 0 0; border-radius: 6px; background: currentColor; }
.bullet u { position: absolute; top: -4px; bottom: -4px; width: 2px; background: var(--ink); }
.bullet.met { color: var(--met); background: var(--grid); } .bullet.missed { color: var(--missed); background: var(--grid); }
footer { margin-top: 72px; padding-top: 20px; border-top: 1px solid var(--line); }
@media (max-width: 760px) {
  main { padding: 32px 16px 64px; }
  h2 { margin-top: 56px; }
  figure, .card { padding-left: 14px; padding-right: 14px; }
  .card table { font-size: 13px; }
  .card th { font-size: 12px; white-space: normal; vertical-align: bottom; }
  .card th, .card td { padding-right: 8px; }
  .card th:last-child, .card td:last-child { padding-right: 0; }
  .wide { display: none; }
  .narrow { display: block; max-width: 460px; margin: 0 auto; }
  .targets thead { display: none; }
  .targets tr { display: grid; grid-template-columns: auto auto 1fr auto; gap: 4px 12px; align-items: center; padding: 12px 0; border-bottom: 1px solid var(--grid); }
  .targets tr:last-child { border-bottom: 0; }
  .targets td { padding: 0; border: 0; }
  .targets td:nth-child(1) { grid-column: 1 / -1; }
  .targets td:nth-child(2) { color: var(--quiet); }
  .targets td:nth-child(5) { grid-column: 1 / -1; order: 1; }
  .card .loops, .card .loops th { font-size: 11.5px; }
  .card .loops th:nth-child(2), .card .loops td:nth-child(2) { display: none; }
  .distances td .quiet { display: block; margin: 0; min-width: 0; }
}
@media print { figure, .card, .tile { break-inside: avoid; } }
`;
