import { extname } from 'node:path';
import { DocumentError } from './document-error.js';

export const MEDIA_TYPES = ['text/markdown', 'text/plain', 'text/html', 'application/pdf'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

const BY_EXTENSION: Readonly<Record<string, MediaType>> = {
  '.md': 'text/markdown',
  '.markdown': 'text/markdown',
  '.txt': 'text/plain',
  '.text': 'text/plain',
  '.html': 'text/html',
  '.htm': 'text/html',
  '.pdf': 'application/pdf',
};

/** Endings of files that can be read, such as `.md`. */
export const DOCUMENT_EXTENSIONS = Object.keys(BY_EXTENSION);

/**
 * What kind of document a file is: by its ending, else by the content type it was sent with.
 * @throws {DocumentError} when neither is one that can be read
 */
export function mediaTypeOf(name: string, contentType: string): MediaType {
  const byExtension = BY_EXTENSION[extname(name).toLowerCase()];
  if (byExtension !== undefined) return byExtension;
  const bare = contentType.split(';')[0]?.trim().toLowerCase();
  const byType = MEDIA_TYPES.find((type) => type === bare);
  if (byType !== undefined) return byType;
  const kind = bare === undefined || bare === '' ? 'no known ending' : `type ${bare}`;
  throw new DocumentError(
    name,
    `has ${kind}; readable are ${DOCUMENT_EXTENSIONS.join(', ')} and ${MEDIA_TYPES.join(', ')}`,
  );
}
