import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type DocumentView, EMBEDDING_BATCH_SIZE, ragApi, ragPolicy } from '../../../contract/index.js';
import { cacheKey } from '../../cache/cache-key.js';
import { type CacheTag, cacheTag } from '../../cache/cache-tag.js';
import { getForCaller } from '../../cache/get-for-caller.js';
import type { TieredCache } from '../../cache/tiered-cache.js';
import type { Document, DocumentStore } from '../../documents/document-store.js';
import { type FusedPassage, fuseRanks } from '../../documents/fuse-ranks.js';
import { loadDocument } from '../../documents/load-document.js';
import type { OriginalStore } from '../../documents/original-store.js';
import { splitPassages } from '../../documents/split-passages.js';
import type { Caller } from '../../runtime/caller.js';
import type { Clock } from '../../runtime/clock.js';
import { errors } from '../../runtime/errors.js';
import { serveContent, serveOperation } from '../../runtime/serve-operation.js';
import { buildServer, type ServerOptions } from '../../runtime/server.js';
import { parseMetadata } from './parse-metadata.js';
import { readable } from './readable.js';
import { sameEmbedding } from './same-embedding.js';

export interface RagDeps {
  readonly documents: DocumentStore;
  readonly originals: OriginalStore;
  /** Embeds at most `EMBEDDING_BATCH_SIZE` texts, in their order. */
  readonly embed: (
    texts: readonly string[],
    caller: Caller,
    feature: EmbeddingFeature,
  ) => Promise<readonly (readonly number[])[]>;
  /** Has the answers forgotten that rest on a document. */
  readonly forgetAnswers: (documentId: string, caller: Caller) => Promise<void>;
  readonly cache: TieredCache;
  readonly clock: Clock;
}

/** What is embedded, as the ledger tells it apart. */
type EmbeddingFeature = 'retrieval' | 'documents' | 'batch';

/** Ingests documents and retrieves their passages. Everything belongs to the caller's tenant. */
export function buildRag(deps: RagDeps, options: ServerOptions): FastifyInstance {
  const { documents, originals, embed, forgetAnswers, cache } = deps;
  const app = buildServer(options);

  serveOperation(app, ragApi.upload, async ({ query, body, contentType, caller }) => {
    const metadata = parseMetadata(query.metadata);
    const loaded = await readable(() => loadDocument({ name: query.source, mediaType: contentType, bytes: body }));
    const texts = await splitPassages(loaded);
    const document = describe(deps, caller, { ...query, metadata, content: body });
    const stored = await store(document, texts, caller, 'documents');
    const content = (async function* () {
      yield body;
    })();
    await originals.put({ tenant: document.tenant, documentId: document.id }, { mediaType: contentType, content });
    return stored;
  });

  serveOperation(app, ragApi.addTexts, async ({ body, caller }) => {
    const document = describe(deps, caller, { ...body, metadata: {}, content: body.texts.join('\n') });
    const stored = await store(document, body.texts, caller, 'batch');
    // An upload of the same source is replaced, so its file is no longer the document's original.
    await originals.delete({ tenant: document.tenant, documentId: document.id });
    return stored;
  });

  serveOperation(app, ragApi.retrieve, async ({ body, caller }) => {
    const { tenant } = caller.identity;
    const version = await versionOf(documents, tenant, body.collection);
    const { query, collection, top_k: topK, filter } = body;
    const key = cacheKey('rag', { tenant }, { query, collection, topK, filter, version });
    const search = async () => {
      const [vector] = await embed([query], caller, 'retrieval');
      if (vector === undefined) throw errors.upstream('orchestrator', 'it sent no vector');
      const each = { tenant, collection, topK: Math.max(topK, ragPolicy.candidates), filter };
      const [near, matching] = await Promise.all([
        sameEmbedding(() => documents.search({ ...each, vector })),
        documents.searchWords({ ...each, text: query }),
      ]);
      return fuseRanks({ vector: near, text: matching }, topK).map(cite);
    };
    const { value, level } = await getForCaller(cache, key, caller, search, {
      ttlSeconds: ragPolicy.cacheTtlSeconds,
      tags: [collectionTag(tenant, collection)],
    });
    return { passages: value, collection_version: version, cache: level };
  });

  serveOperation(app, ragApi.listDocuments, async ({ query, caller }) => ({
    documents: (await documents.list(caller.identity.tenant, query.collection)).map(viewDocument),
  }));

  serveContent(app, ragApi.original, async ({ params, caller }) => {
    const { tenant } = caller.identity;
    const document = await documents.get(tenant, params.id);
    if (document === undefined) throw errors.notFound('document', params.id);
    const original = await originals.get({ tenant, documentId: params.id });
    if (original === undefined) throw errors.notFound('original', params.id);
    return { ...original, name: document.source };
  });

  serveOperation(app, ragApi.deleteDocument, async ({ params, caller }) => {
    const { tenant } = caller.identity;
    const document = await documents.get(tenant, params.id);
    // The original first: should the second step fail, the document is still there to be deleted again.
    await originals.delete({ tenant, documentId: params.id });
    const wasThere = await documents.delete(tenant, params.id);
    // Of one that is gone too: should this step have failed, it is done when the caller deletes once more.
    await forgetWhatRestsOn(params.id, document?.collection, caller);
    if (!wasThere) throw errors.notFound('document', params.id);
    return { document_id: params.id };
  });

  return app;

  async function embedAll(
    texts: readonly string[],
    caller: Caller,
    feature: EmbeddingFeature,
  ): Promise<readonly (readonly number[])[]> {
    const vectors: (readonly number[])[] = [];
    for (let start = 0; start < texts.length; start += EMBEDDING_BATCH_SIZE) {
      vectors.push(...(await embed(texts.slice(start, start + EMBEDDING_BATCH_SIZE), caller, feature)));
    }
    return vectors;
  }

  /** Nobody is given it again, for the collection's version is in the keys; but what was taken back is not to be kept either. */
  async function forgetWhatRestsOn(documentId: string, collection: string | undefined, caller: Caller): Promise<void> {
    if (collection !== undefined) await cache.deleteTag(collectionTag(caller.identity.tenant, collection));
    await forgetAnswers(documentId, caller);
  }

  async function store(document: Document, texts: readonly string[], caller: Caller, feature: EmbeddingFeature) {
    const vectors = await embedAll(texts, caller, feature);
    const passages = texts.map((text, index) => {
      const vector = vectors[index];
      if (vector === undefined)
        throw errors.upstream('orchestrator', `it sent ${vectors.length} vectors for ${texts.length} texts`);
      return { documentId: document.id, index, text, vector };
    });
    await sameEmbedding(() => documents.put(document, passages));
    await forgetWhatRestsOn(document.id, document.collection, caller);
    return { ...viewDocument(document), passages: texts.length };
  }
}

interface Description {
  readonly source: string;
  readonly collection: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly content: Uint8Array | string;
}

/** The id follows from tenant, collection and source: sending a source again replaces its document. */
function describe(
  { clock }: RagDeps,
  { identity }: Caller,
  { source, collection, metadata, content }: Description,
): Document {
  const id = sha256(JSON.stringify([identity.tenant, collection, source])).slice(0, 32);
  return {
    id,
    tenant: identity.tenant,
    collection,
    source,
    metadata,
    contentHash: sha256(content),
    createdAt: clock(),
  };
}

/** What is retrieved is forgotten by the collection that it came from. */
function collectionTag(tenant: string, collection: string): CacheTag {
  return cacheTag(tenant, `collection ${collection}`);
}

/** Changes with every document added, replaced or deleted. */
async function versionOf(documents: DocumentStore, tenant: string, collection: string): Promise<string> {
  const known = await documents.list(tenant, collection);
  return sha256(
    known
      .map(({ id, contentHash, metadata }) => JSON.stringify([id, contentHash, Object.entries(metadata).sort()]))
      .sort()
      .join('\n'),
  ).slice(0, 16);
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function cite({ document, index, text, score, ranks }: FusedPassage) {
  return { document_id: document.id, source: document.source, index, text, score, ranks };
}

function viewDocument({ id, source, collection, metadata, createdAt }: Document): DocumentView {
  return {
    document_id: id,
    source,
    collection,
    metadata: { ...metadata },
    created_at: new Date(createdAt).toISOString(),
  };
}
