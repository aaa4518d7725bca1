import { ragPolicy } from '../../contract/index.js';
import type { LoadedDocument } from './load-document.js';

/**
 * Splits a document into passages that overlap a little. A passage of a Markdown document begins with the headings it stands
 * under, so that it can be found and understood by itself.
 */
export async function splitPassages({
  text,
  mediaType,
}: Pick<LoadedDocument, 'text' | 'mediaType'>): Promise<string[]> {
  const { RecursiveCharacterTextSplitter } = await import('@langchain/textsplitters');
  const sizes = { chunkSize: ragPolicy.chunkCharacters, chunkOverlap: ragPolicy.chunkOverlapCharacters };
  if (mediaType !== 'text/markdown')
    return (await new RecursiveCharacterTextSplitter(sizes).splitText(text)).map(wholeCharacters);
  const splitter = RecursiveCharacterTextSplitter.fromLanguage('markdown', sizes);
  const sections = splitSections(text);
  const passages = await Promise.all(
    sections.map(async ({ headings, body }) => {
      const parts = (await splitter.splitText(body)).map(wholeCharacters);
      const path = headings.join(' > ');
      return path === '' ? parts : parts.map((part) => `# ${path}\n${part}`);
    }),
  );
  return passages.flat();
}

/** Where there is no blank the splitter cuts anywhere, in the middle of a character of two halves too. What it cut off begins the next passage, which overlaps. */
function wholeCharacters(passage: string): string {
  return passage.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
}

interface Section {
  /** From the outermost heading to the section's own. */
  readonly headings: readonly string[];
  readonly body: string;
}

/** What is longer is text: as a heading it would stand in each passage beneath it. */
const HEADING_CHARACTERS = 200;

/** Sections by ATX headings; a `#` inside a code fence is no heading. */
function splitSections(markdown: string): Section[] {
  const sections: { headings: string[]; lines: string[] }[] = [{ headings: [], lines: [] }];
  const path: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const marker = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (marker !== undefined && (fence === undefined || line.trim().startsWith(fence)))
      fence = fence === undefined ? marker : undefined;
    const heading =
      fence === undefined && line.length <= HEADING_CHARACTERS ? /^(#{1,6})\s+(.+?)\s*#*$/.exec(line) : null;
    const [, hashes, title] = heading ?? [];
    if (hashes !== undefined && title !== undefined) {
      path.length = Math.min(path.length, hashes.length - 1);
      path[hashes.length - 1] = title;
      sections.push({ headings: path.filter(Boolean), lines: [] });
    } else sections.at(-1)?.lines.push(line);
  }
  return sections
    .map(({ headings, lines }) => ({ headings, body: lines.join('\n').trim() || (headings.at(-1) ?? '') }))
    .filter(({ body }) => body !== '');
}
