import type { Original, OriginalKey, OriginalStore } from '../../documents/original-store.js';

interface Kept {
  readonly mediaType: string;
  readonly parts: readonly Uint8Array[];
}

/** Originals within one process. */
export class MemoryOriginalStore implements OriginalStore {
  readonly #kept = new Map<string, Kept>();

  async put(key: OriginalKey, { mediaType, content }: Original): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(part.slice());
    this.#kept.set(nameOf(key), { mediaType, parts });
  }

  async get(key: OriginalKey): Promise<Original | undefined> {
    const kept = this.#kept.get(nameOf(key));
    return kept && { mediaType: kept.mediaType, content: contentOf(kept) };
  }

  async delete(key: OriginalKey): Promise<void> {
    this.#kept.delete(nameOf(key));
  }
}

async function* contentOf({ parts }: Kept): AsyncGenerator<Uint8Array> {
  yield* parts;
}

function nameOf({ tenant, documentId }: OriginalKey): string {
  return JSON.stringify([tenant, documentId]);
}
