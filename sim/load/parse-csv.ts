import { TIERS, type Tier } from '../../contract/index.js';
import { clockText, secondsOf } from './clock.js';
import { type Load, type LoadPoint, MOST_RPS, type TierMix } from './load.js';
import { LoadError } from './load-error.js';

const COLUMNS = ['time', 'rps', ...TIERS] as const;

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * A load from CSV: a header `time,rps` with a column for each tier if wanted, then a row for each change. A time is in seconds, a time of
 * day or an ISO date; the tiers' columns are shares of any sum. A rate stays until the next row, the last for as long as the one before.
 * @throws {LoadError} with the line of the first row that is wrong
 */
export function parseCsvLoad(text: string, source: string): Load {
  const [header, ...rows] = rowsOf(text, source);
  if (!header) throw new LoadError(source, undefined, 'is empty; it needs a header "time,rps" and at least two rows.');
  const columns = columnsOf(header, source);
  const points: LoadPoint[] = [];
  for (const row of rows) points.push(pointOf(row, columns, points.at(-1), source));
  const [first] = points;
  const last = points.at(-1);
  const before = points.at(-2);
  if (!first || !last || !before) {
    const rowsThere = rows.length === 1 ? 'one row' : 'no row';
    throw new LoadError(source, header.line, `has ${rowsThere} below its header; it needs at least two.`);
  }
  return {
    name: source,
    startSeconds: first.atSeconds % 86_400,
    durationSeconds: last.atSeconds - first.atSeconds + (last.atSeconds - before.atSeconds),
    points: points.map((point) => ({ ...point, atSeconds: point.atSeconds - first.atSeconds })),
    between: 'step',
  };
}

function rowsOf(text: string, source: string): Row[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ line: i + 1, text: line.trim() }))
    .filter(({ text: content }) => content !== '' && !content.startsWith('#'))
    .map(({ line, text: content }) => ({ line, cells: cellsOf(content, line, source) }));
}

/** Spreadsheets write cells in quotes, a quote within them twice. */
function cellsOf(text: string, line: number, source: string): string[] {
  const cells: string[] = [];
  const cell = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;
  for (;;) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (!found) {
      // Not the whole of it: where it is no text at all, it is long and moves the cursor.
      const rest = text.slice(at, at + 40).replace(/[\p{C}\uFFFD]/gu, '?');
      throw new LoadError(source, line, `has a quote that does not end, or not at a comma: ${rest}`);
    }
    const [, quoted, plain = '', end] = found;
    cells.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end === '') return cells;
  }
}

function columnsOf({ line, cells }: Row, source: string): readonly string[] {
  const names = cells.map((cell) => cell.toLowerCase());
  const unknown = names.filter((name) => !COLUMNS.some((column) => column === name));
  const [separator] = /[;\t|]/.exec(names[0] ?? '') ?? [];
  if (separator !== undefined && names.length === 1) {
    const said = JSON.stringify(separator);
    throw new LoadError(source, line, `has ${said} between its columns; write commas, and points in numbers.`);
  }
  if (unknown.length > 0) {
    throw new LoadError(
      source,
      line,
      `has no use for the column "${unknown.join('", "')}"; there are ${COLUMNS.join(', ')}.`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new LoadError(source, line, `has the column "${twice}" twice.`);
  for (const needed of ['time', 'rps']) {
    if (!names.includes(needed)) {
      throw new LoadError(source, line, `lacks the column "${needed}"; the header begins "time,rps".`);
    }
  }
  const tiers = names.filter((name) => isTier(name));
  if (tiers.length > 0 && tiers.length < TIERS.length) {
    const missing = TIERS.filter((tier) => !tiers.includes(tier));
    throw new LoadError(source, line, `has a column for ${tiers.join(', ')} and none for ${missing.join(', ')}.`);
  }
  return names;
}

function pointOf(
  { line, cells }: Row,
  columns: readonly string[],
  previous: LoadPoint | undefined,
  source: string,
): LoadPoint {
  const wrong = (problem: string) => new LoadError(source, line, problem);
  if (cells.length !== columns.length) {
    throw wrong(`has ${cells.length} values for ${columns.length} columns (${columns.join(', ')}).`);
  }
  const cell = (column: string) => cells[columns.indexOf(column)] ?? '';
  const number = (column: string): number => {
    const text = cell(column);
    if (text === '') throw wrong(`${column} is missing; it is a number from 0 up.`);
    // Only as people write it: `Number` would take 0x10, 1e999 and a blank too.
    const [, sign, digits = ''] = /^(-?)(\d+\.?\d*|\.\d+)$/.exec(text) ?? [];
    const value = Number(digits);
    if (digits === '') throw wrong(`${column} is "${text}"; it is a number from 0 up, such as 50 or 0.5.`);
    if (sign === '-' && value > 0) throw wrong(`${column} is ${text}; it cannot be below 0.`);
    if (value > MOST_RPS) throw wrong(`${column} is ${text}; ${MOST_RPS} is the most.`);
    return value;
  };
  const atSeconds = secondsOf(cell('time'));
  if (atSeconds === undefined) {
    throw wrong(
      `time is "${cell('time')}"; it is seconds, a time of day such as 09:30, or a date such as 2026-03-01T09:30:00Z.`,
    );
  }
  if (previous && atSeconds <= previous.atSeconds) {
    throw wrong(
      `time ${cell('time')} does not come after the row before it (${clockText(previous.atSeconds)}); sort the rows.`,
    );
  }
  const rps = number('rps');
  if (!columns.some(isTier)) return { atSeconds, rps };
  const shares = TIERS.map((tier) => number(tier));
  const sum = shares.reduce((total, share) => total + share, 0);
  if (sum === 0) throw wrong(`every tier's share is 0; one of ${TIERS.join(', ')} must be above it.`);
  const mix = Object.fromEntries(TIERS.map((tier, i) => [tier, (shares[i] ?? 0) / sum])) as TierMix;
  return { atSeconds, rps, mix };
}

function isTier(name: string): name is Tier {
  return TIERS.some((tier) => tier === name);
}
