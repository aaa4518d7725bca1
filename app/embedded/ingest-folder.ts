import { relative, sep } from 'node:path';
import { ragApi } from '../../contract/index.js';
import { type IngestProgress, type IngestReport, ingestFiles } from '../documents/ingest-files.js';
import { readDocumentFile } from '../documents/read-document-file.js';
import type { Caller } from '../runtime/caller.js';
import { abortSignalOf } from '../runtime/client-signal.js';
import type { ServiceClient } from '../runtime/service-client.js';

/**
 * Uploads files to the rag service for a caller, each under its path below `root`.
 * The service replaces a document that was ingested before.
 */
export function ingestFolder(
  { root, files }: { readonly root: string; readonly files: readonly string[] },
  caller: Caller,
  client: ServiceClient,
  onProgress: IngestProgress,
): Promise<IngestReport> {
  const upload = async (file: string) => {
    const source = relative(root, file).split(sep).join('/');
    const input = { query: { source }, body: await readDocumentFile(file), contentType: 'application/octet-stream' };
    const { passages } = await client.call(ragApi.upload, input, caller).catch((cause: Error) => {
      // The service names the document, and so does whoever reports the progress.
      throw new Error(cause.message.replace(`${source}: `, ''), { cause });
    });
    return passages;
  };
  return ingestFiles(files, upload, onProgress, abortSignalOf(caller.signal));
}
