import { dump } from 'js-yaml';

/** YAML's own, of a key that nothing marks as one. */
const MAX_KEY_CHARACTERS = 1024;

/**
 * YAML of the documents, each with its keys in the order given. Strings that YAML 1.1 would read as something else (`on`, `0777`,
 * `12:30`) are quoted: kubectl reads that version.
 *
 * How a scalar is written is the library's to decide, and it takes its time: so it is asked once for each that there is, and what lies
 * around them, which is indentation, is written here. A fifth of a synthesis went into having it write all.
 *
 * @throws if a value is none that YAML knows, such as a function or a symbol, or a key is no line of at most 1,024 characters
 */
export function yamlOf(...documents: readonly unknown[]): string {
  writeScalars(documents);
  const isTree = (document: unknown) => isList(document) || isMapping(document);
  return documents
    .map((document) => (isTree(document) ? `${nodeText(document, '')}\n` : dump(document, OPTIONS)))
    .join('---\n');
}

const OPTIONS = { noRefs: true, lineWidth: -1 } as const;

/** Each key and scalar met so far as it stands in YAML: of several lines, all but the first are indented by two spaces. */
const scalarTexts = new Map<unknown, string>();

function writeScalars(documents: readonly unknown[]): void {
  const unknown = new Set<unknown>();
  for (const document of documents) collectUnknown(document, unknown);
  // The last item only keeps the library from marking the end of a document after a text that ends in empty lines.
  const text = dump([...unknown, null], OPTIONS);
  const items = text.slice('- '.length).split('\n- ');
  for (const [i, scalar] of [...unknown].entries()) {
    const written = items[i] ?? '';
    scalarTexts.set(scalar, scalar === written && ENDLESS_NUMBER.test(written) ? `'${written}'` : written);
  }
}

/** As a commit's digits may be: `12e4567` is too large for the library, so that it sees text, and is infinite to other readers. */
const ENDLESS_NUMBER = /^[+-]?\d+[eE]\+?\d+$/;

function collectUnknown(node: unknown, into: Set<unknown>): void {
  if (isList(node)) {
    for (const item of node) collectUnknown(item, into);
  } else if (isMapping(node)) {
    for (const [key, value] of Object.entries(node)) {
      if (value === undefined) continue;
      collectUnknown(checkedKey(key), into);
      collectUnknown(value, into);
    }
  } else if (!isEmpty(node) && !scalarTexts.has(node)) {
    into.add(node);
  }
}

function checkedKey(key: string): string {
  if (key.length <= MAX_KEY_CHARACTERS && !key.includes('\n')) return key;
  throw new Error(
    `The key "${key.slice(0, 60)}…" cannot be written: a key is one line of at most ${MAX_KEY_CHARACTERS} characters.`,
  );
}

/** @param indent of every line but the first, which goes on where its reader has come to */
function nodeText(node: unknown, indent: string): string {
  const inner = `${indent}  `;
  let text = '';
  if (isList(node)) {
    for (const item of node) text += `${text && `\n${indent}`}- ${nodeText(item, inner)}`;
  } else if (isMapping(node)) {
    for (const [key, value] of Object.entries(node)) {
      if (value === undefined) continue;
      const gap = isList(value) || isMapping(value) ? `\n${inner}` : ' ';
      text += `${text && `\n${indent}`}${scalarTexts.get(key)}:${gap}${nodeText(value, inner)}`;
    }
  } else if (isEmpty(node)) {
    text = Array.isArray(node) ? '[]' : '{}';
  } else {
    text = scalarTexts.get(node) ?? '';
    // The library has left empty lines empty.
    if (text.includes('\n')) text = text.replace(/\n(?=[^\n])/g, `\n${indent.slice(2)}`);
  }
  return text;
}

function isList(node: unknown): node is readonly unknown[] {
  return Array.isArray(node) && node.length > 0;
}

function isMapping(node: unknown): node is Record<string, unknown> {
  return isPlainObject(node) && !isEmpty(node);
}

/** A list or a mapping that says nothing. */
function isEmpty(node: unknown): boolean {
  if (Array.isArray(node)) return node.length === 0;
  if (!isPlainObject(node)) return false;
  for (const key in node) if (node[key] !== undefined) return false;
  return true;
}

function isPlainObject(node: unknown): node is Record<string, unknown> {
  if (typeof node !== 'object' || node === null) return false;
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === null || prototype === Object.prototype;
}
