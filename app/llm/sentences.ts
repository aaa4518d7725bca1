/** A sentence of a document, or what stands for one: a list item, a row of a table, a block of code. */
export interface Sentence {
  readonly text: string;
  /** Headings that it stands under, outermost first, as one text. */
  readonly topic: string;
}

interface Block {
  readonly kind: 'heading' | 'prose' | 'code' | 'row';
  readonly lines: string[];
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
/** The segmenter takes the full stop of an abbreviation for the end of a sentence. */
const ENDS_IN_ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|cf|vs|etc|approx|fig|no|dr|mr|mrs|ms|prof|st)\.\s*$/i;
const FENCE = /^\s*(?:```|~~~)/;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const LIST_ITEM = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const TABLE_RULE = /^[\s|:-]+$/;

/** Cuts Markdown or plain text into sentences. Lines of a paragraph are joined first: text from a PDF breaks anywhere. */
export function splitSentences(text: string): Sentence[] {
  let topic = '';
  const sentences: Sentence[] = [];
  for (const { kind, lines } of splitBlocks(text)) {
    if (kind === 'heading') topic = lines.join(' ');
    else for (const part of partsOf(kind, lines)) sentences.push({ text: part, topic });
  }
  return sentences;
}

function partsOf(kind: Block['kind'], lines: readonly string[]): string[] {
  if (kind === 'code') return [lines.join('\n')];
  const text = withoutMarkup(lines.map((line) => line.trim()).join(' '));
  return (kind === 'row' ? [text] : splitProse(text)).filter((part) => /[\p{L}\p{N}]/u.test(part));
}

function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  const add = (kind: Block['kind'], line: string): Block => {
    const block = { kind, lines: [line] };
    blocks.push(block);
    return block;
  };
  for (const line of text.split(/\r?\n/)) {
    const heading = HEADING.exec(line)?.[1];
    if (open?.kind === 'code') {
      open.lines.push(line);
      if (FENCE.test(line)) open = undefined;
    } else if (FENCE.test(line)) open = add('code', line);
    else if (line.trim() === '' || TABLE_RULE.test(line)) open = undefined;
    else if (heading !== undefined) {
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
  if (begun.trim() !== '') sentences.push(begun.trim());
  return sentences;
}

/** Emphasis and links are for the eye; `code` marks stay, as they carry meaning. */
function withoutMarkup(text: string): string {
  return text
    .replace(/^>\s*/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=\S)([^*]+)\*(?![\w*])/g, '$1')
    .replace(/\s*\|\s*/g, ' | ')
    .trim();
}
