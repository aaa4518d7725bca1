import { requestLimits } from '../../contract/index.js';
import { DocumentError } from './document-error.js';
import { type MediaType, mediaTypeOf } from './media-type.js';

export interface DocumentFile {
  /** File name or address. */
  readonly name: string;
  /** Content type it was sent with; the ending of the name goes first. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface LoadedDocument {
  readonly name: string;
  readonly mediaType: MediaType;
  readonly text: string;
}

/**
 * Reads the text of a document: Markdown, plain text, HTML (without scripts, styles and navigation) or PDF.
 * @throws {DocumentError} when it is too large, of an unknown kind, broken, or holds no text
 */
export async function loadDocument({ name, mediaType: contentType, bytes }: DocumentFile): Promise<LoadedDocument> {
  if (bytes.byteLength > requestLimits.documentBytes) {
    throw new DocumentError(name, `is ${bytes.byteLength} bytes; at most ${requestLimits.documentBytes} are read`);
  }
  const mediaType = mediaTypeOf(name, contentType);
  const text = (await readers[mediaType](name, bytes)).replaceAll('\r\n', '\n').trim();
  if (text === '') throw new DocumentError(name, emptyReason(mediaType));
  return { name, mediaType, text };
}

const readers: Readonly<Record<MediaType, (name: string, bytes: Uint8Array) => Promise<string> | string>> = {
  'text/markdown': decode,
  'text/plain': decode,
  'text/html': readHtml,
  'application/pdf': readPdf,
};

/** UTF-8 or, by its byte order mark, UTF-16; anything else is refused rather than guessed. */
function decode(name: string, bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DocumentError(name, 'is not UTF-8 text; save it as UTF-8', { cause });
  }
  if (text.includes('\0')) throw new DocumentError(name, 'is a binary file, not text');
  return text;
}

async function readHtml(name: string, bytes: Uint8Array): Promise<string> {
  const { convert } = await import('html-to-text');
  const skipped = ['script', 'style', 'nav', 'noscript', 'template', 'img'].map((selector) => ({
    selector,
    format: 'skip',
  }));
  const html = decode(name, bytes);
  try {
    return convert(html, {
      wordwrap: false,
      // Its own limit is lower, and what lies beyond it would be left out without a word.
      limits: { maxInputLength: requestLimits.documentBytes },
      selectors: [
        ...skipped,
        { selector: 'a', options: { ignoreHref: true } },
        ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      ],
    });
  } catch (cause) {
    // The parser recurses: tens of thousands of nested elements exhaust the stack.
    if (cause instanceof RangeError)
      throw new DocumentError(name, 'nests its elements too deeply to be read', { cause });
    throw cause;
  }
}

async function readPdf(name: string, bytes: Uint8Array): Promise<string> {
  const { extractText, getDocumentProxy } = await import('unpdf');
  try {
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      const { text } = await extractText(pdf);
      // A sign of which its font does not say what it is comes as U+0000, which no store can keep.
      return text.join('\n\n').replaceAll('\0', '\uFFFD');
    } finally {
      await pdf.destroy();
    }
  } catch (cause) {
    throw new DocumentError(name, `is not a readable PDF (${cause instanceof Error ? cause.message : String(cause)})`, {
      cause,
    });
  }
}

function emptyReason(mediaType: MediaType): string {
  return mediaType === 'application/pdf' ? 'holds no text; a scanned page needs OCR first' : 'holds no text';
}
