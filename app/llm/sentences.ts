/** A sentence of a document, or what stands for one: a list item, a row of a table, a block of code. */
export interface Sentence {
  readonly text: string;
  /** Headings that it stands under, outermost first, as one text. */
  readonly topic: string;
}

interface Block {
  readonly kind: 'heading' | 'prose' | 'code' | 'row';
  readonly lines: string[];
  /** Row of a table: names of its columns. */
  readonly columns?: readonly string[];
}

/** A longer sentence is cut at its semicolons: it is a list. */
const LONG_SENTENCE_CHARACTERS = 200;
/** A longer block of code is cut into its lines. */
const LONG_CODE_LINES = 8;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
/** The segmenter takes the full stop of an abbreviation for the end of a sentence. */
const ENDS_IN_ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|cf|vs|etc|approx|fig|no|dr|mr|mrs|ms|prof|st)\.\s*$/i;
const FENCE = /^\s*(?:```|~~~)/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const LIST_ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
/** A cell of a dash says that there is nothing. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
const TABLE_RULE = /^[\s|:-]+$/;

/** Cuts Markdown or plain text into sentences. Lines of a paragraph are joined first: text from a PDF breaks anywhere. */
export function splitSentences(text: string): Sentence[] {
  let topic = '';
  const sentences: Sentence[] = [];
  for (const block of splitBlocks(text)) {
    if (block.kind === 'heading') topic = block.lines.join(' ');
    else for (const part of partsOf(block)) if (SAYS_SOMETHING.test(part)) sentences.push({ text: part, topic });
  }
  return sentences;
}

function partsOf({ kind, lines, columns }: Block): string[] {
  if (kind === 'code')
    return lines.length > LONG_CODE_LINES
      ? lines.filter((line) => !FENCE.test(line)).map((line) => line.trim())
      : [lines.join('\n')];
  const text = withoutMarkup(lines.map((line) => line.trim()).join(' '));
  return kind === 'row' ? [tellRow(cellsOf(text), columns)] : splitProse(text);
}

/** A row by itself says little, so each cell tells its column: `service: chat | replicas: 3`. */
function tellRow(cells: readonly string[], columns: readonly string[] | undefined): string {
  return cells
    .map((cell, i) => (columns?.[i] ? `${columns[i]}: ${cell}` : cell))
    .filter((_, i) => SAYS_SOMETHING.test(cells[i] ?? ''))
    .join(' | ');
}

function cellsOf(row: string): string[] {
  return row.split('|').map((cell) => cell.trim());
}

function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let columns: readonly string[] | undefined;
  const add = (kind: Block['kind'], line: string): Block => {
    const block = { kind, lines: [line], ...(kind === 'row' && columns && { columns }) };
    blocks.push(block);
    return block;
  };
  for (const line of text.split(/\r?\n/)) {
    const heading = HEADING.exec(line)?.[1];
    if (open?.kind === 'code') {
      open.lines.push(line);
      if (FENCE.test(line)) open = undefined;
    } else if (FENCE.test(line)) open = add('code', line);
    else if (line.trim() === '') open = columns = undefined;
    else if (TABLE_RULE.test(line)) {
      // The row above a rule names the columns and is no row of its own.
      if (blocks.at(-1)?.kind === 'row') columns = cellsOf(blocks.pop()?.lines.join(' ') ?? '');
      open = undefined;
    } else if (heading !== undefined) {
      add('heading', heading);
      open = undefined;
    } else if (TABLE_ROW.test(line)) {
      add('row', line.trim().slice(1, -1));
      open = undefined;
    } else if (open === undefined || LIST_ITEM.test(line)) open = add('prose', line.replace(LIST_ITEM, ''));
    else open.lines.push(line);
  }
  return blocks;
}

function splitProse(text: string): string[] {
  const sentences: string[] = [];
  let begun = '';
  for (const { segment } of segmenter.segment(text)) {
    begun += segment;
    if (ENDS_IN_ABBREVIATION.test(begun)) continue;
    sentences.push(begun.trim());
    begun = '';
  }
  sentences.push(begun.trim());
  return sentences.flatMap((sentence) =>
    sentence.length > LONG_SENTENCE_CHARACTERS ? sentence.split(/(?<=;)\s+/) : [sentence],
  );
}

/** Emphasis and links are for the eye; `code` marks stay, as they carry meaning. */
function withoutMarkup(text: string): string {
  return text
    .replace(/^>\s*/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*]+)\*(?![\w*])/g, '$1')
    .trim();
}
