import { HTML_STYLE } from './html-style.js';
import { escaped } from './line-chart.js';

/** A page by itself: it loads nothing. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${HTML_STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
${body}
</body></html>
`;
}

/** The first cell of a row says what the row is of. Figures stand to the right, a column of words to the left. */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isWords = head.map((_, i) => rows.some((row) => /^[a-z]/i.test(row[i] ?? '')));
  const look = (i: number) => (isWords[i] ? ' class="words"' : '');
  const heads = head.map((cell, i) => `<th scope="col"${look(i)}>${escaped(cell)}</th>`).join('');
  const row = ([first = '', ...cells]: readonly string[]) =>
    `<tr><th scope="row">${escaped(first)}</th>${cells.map((cell, i) => `<td${look(i + 1)}>${escaped(cell)}</td>`).join('')}</tr>`;
  return `<div class="wide"><table><thead><tr>${heads}</tr></thead><tbody>${rows.map(row).join('')}</tbody></table></div>`;
}
