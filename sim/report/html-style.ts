/** The report's look, after the reader's own choice of light or dark. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fff; --soft: #60666d; --rule: #d9dde2; --bad: #b3261e; --good: #1a7f4b;
  --c0: #2563eb; --c1: #d97706; --c2: #059669; --c3: #9333ea; --c4: #dc2626; --c5: #0891b2; --c6: #65a30d; --c7: #be185d; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #14171a; --soft: #9aa0a6; --rule: #33383e; --bad: #ff897d; --good: #6dd58c;
  --c0: #7aa2ff; --c1: #fbbf24; --c2: #34d399; --c3: #c084fc; --c4: #f87171; --c5: #22d3ee; --c6: #a3e635; --c7: #f472b6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1360px; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { max-width: 75ch; } .soft { color: var(--soft); } .bad { color: var(--bad); font-weight: 600; } .good { color: var(--good); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 1rem; }
figure { margin: 0; border: 1px solid var(--rule); border-radius: 8px; padding: .75rem; }
figcaption { font-weight: 600; } small { color: var(--soft); font-weight: 400; }
svg { width: 100%; height: auto; display: block; overflow: visible; } .grid { stroke: var(--rule); } .tick { fill: var(--soft); font-size: 11px; }
.limit { stroke: var(--bad); stroke-dasharray: 6 4; } .dot { fill: var(--soft); opacity: .45; } .mark { fill: currentColor; }
.line { fill: none; stroke-width: 1.6; stroke: currentColor; } .legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: 13px; }
.key::before { content: ''; display: inline-block; width: .9em; height: .25em; margin-right: .4em; vertical-align: middle; background: currentColor; }
${Array.from({ length: 8 }, (_, i) => `.c${i} { color: var(--c${i}); }`).join(' ')}
pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--rule); border-radius: 8px; } del, ins { text-decoration: none; } del { color: var(--bad); } ins { color: var(--good); }
/* A chart shrinks with the page, and its figures would shrink with it. */
@media (max-width: 600px) { body { padding: 1rem; } .tick { font-size: 17px; } }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; } .tick { font-size: 17px; } .wide { overflow: visible; } .charts { grid-template-columns: 1fr 1fr; } figure, tr { break-inside: avoid; } h2 { break-after: avoid; } }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem .25rem 0; text-align: right; border-bottom: 1px solid var(--rule); } td { white-space: nowrap; } th:first-child, .words { text-align: left; } th[scope=row] { font-weight: 400; }
`;
