import { readFileSync } from 'node:fs';

/** What `docs/how-to/from-outside.md` has its reader do. */
export interface HowTo {
  /** Text of each file by its name, in the order of the page. */
  readonly files: Readonly<Record<string, string>>;
  /** What is typed into a shell: before there are files, and with them. */
  readonly commands: readonly string[];
}

const BLOCK = /(?:^`(?<file>[\w.]+)`:\n\n)?^```(?<language>\w+)\n(?<text>[\s\S]*?)^```$/gm;

export function howToFromOutside(): HowTo {
  const page = readFileSync(new URL('../../docs/how-to/from-outside.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(BLOCK)].map(({ groups = {} }) => groups);
  return {
    files: Object.fromEntries(blocks.flatMap(({ file, text = '' }) => (file ? [[file, text]] : []))),
    commands: blocks.flatMap(({ language, text = '' }) => (language === 'sh' ? [text] : [])),
  };
}
