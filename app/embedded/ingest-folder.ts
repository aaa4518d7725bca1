import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { ragApi } from '../../contract/index.js';
import { type IngestProgress, type IngestReport, ingestFiles } from '../documents/ingest-files.js';
import type { Caller } from '../runtime/caller.js';
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
    const query = { source: relative(root, file).split(sep).join('/') };
    const body = new Uint8Array(await readFile(file));
    const { passages } = await client.call(
      ragApi.upload,
      { query, body, contentType: 'application/octet-stream' },
      caller,
    );
    return passages;
  };
  return ingestFiles(files, upload, onProgress, caller.signal);
}
