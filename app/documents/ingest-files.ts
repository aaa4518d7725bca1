/** A file that could not be ingested, and why. */
export interface IngestFailure {
  readonly file: string;
  readonly reason: string;
}

export interface IngestReport {
  readonly ingested: number;
  readonly passages: number;
  readonly failures: readonly IngestFailure[];
}

/** Told after each file. `done` counts from 1. */
export type IngestProgress = (progress: {
  readonly done: number;
  readonly of: number;
  readonly file: string;
  readonly outcome: { readonly passages: number } | { readonly reason: string };
}) => void;

/**
 * Ingests files one after another; a bad one is reported and the others go on.
 * @param ingest reads and stores one file and returns its number of passages
 * @param signal stops before the next file; what is ingested stays
 */
export async function ingestFiles(
  files: readonly string[],
  ingest: (file: string) => Promise<number>,
  onProgress: IngestProgress,
  signal: AbortSignal,
): Promise<IngestReport> {
  const failures: IngestFailure[] = [];
  let ingested = 0;
  let passages = 0;
  for (const [i, file] of files.entries()) {
    if (signal.aborted) break;
    const outcome = await ingest(file).then(
      (count) => ({ passages: count }),
      (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
    );
    if ('reason' in outcome) failures.push({ file, reason: outcome.reason });
    else {
      ingested += 1;
      passages += outcome.passages;
    }
    onProgress({ done: i + 1, of: files.length, file, outcome });
  }
  return { ingested, passages, failures };
}
