import * as z from 'zod';
import { ragPolicy, requestBudget, requestLimits } from '../platform/policies.js';
import { EMBEDDING_BATCH_SIZE } from '../platform/queues.js';
import { rag } from '../platform/services.js';
import { operation } from '../vocabulary/index.js';
import { citation, collectionName, spokenText } from './messages.js';

export const documentView = z.object({
  document_id: z.string(),
  source: z.string(),
  collection: z.string(),
  metadata: z.record(z.string(), z.string()),
  created_at: z.string(),
});
export type DocumentView = z.infer<typeof documentView>;

export const retrieval = z.object({
  passages: z.array(citation),
  /** Changes whenever a document of the collection does: an answer kept under it never outlives its documents. */
  collection_version: z.string(),
  cache: z.enum(['l1', 'l2', 'source']),
});
export type Retrieval = z.infer<typeof retrieval>;

const timeoutMs = requestBudget.serviceCallMs;

export const ragApi = {
  upload: operation({
    service: rag,
    method: 'POST',
    path: '/documents',
    summary: 'Reads, splits, embeds and stores a document; the same source again replaces it.',
    query: z.object({
      source: z.string().min(1).max(512),
      collection: collectionName,
      /** Filterable metadata, as a JSON object of strings. */
      metadata: z.string().default('{}'),
    }),
    body: z.instanceof(Uint8Array).meta({ type: 'string', format: 'binary' }),
    rawBody: true,
    response: documentView.extend({ passages: z.int().min(0) }),
    timeoutMs: requestBudget.agentRunMs,
  }),
  addTexts: operation({
    service: rag,
    method: 'POST',
    path: '/texts',
    summary: 'Embeds one batch of texts into a collection.',
    body: z.object({
      source: z.string().min(1).max(512),
      collection: collectionName,
      texts: z.array(z.string().min(1).max(requestLimits.messageCharacters)).min(1).max(EMBEDDING_BATCH_SIZE),
    }),
    response: documentView.extend({ passages: z.int().min(0) }),
    timeoutMs: requestBudget.agentRunMs,
  }),
  retrieve: operation({
    service: rag,
    method: 'POST',
    path: '/retrieve',
    summary: 'Finds the passages that are nearest to a query.',
    body: z.object({
      query: spokenText.max(requestLimits.messageCharacters),
      top_k: z.int().min(1).max(ragPolicy.maxTopK).default(ragPolicy.topK),
      filter: z.record(z.string(), z.string()).default({}),
      collection: collectionName,
    }),
    response: retrieval,
    timeoutMs,
  }),
  listDocuments: operation({
    service: rag,
    method: 'GET',
    path: '/documents',
    summary: 'Lists the documents of a collection.',
    query: z.object({ collection: collectionName }),
    response: z.object({ documents: z.array(documentView) }),
    timeoutMs,
  }),
  original: operation({
    service: rag,
    method: 'GET',
    path: '/documents/:id/original',
    summary: 'Gives the file back that a document was read from, as it came.',
    params: z.object({ id: z.string() }),
    rawAnswer: true,
    response: z.instanceof(Uint8Array),
    timeoutMs: requestBudget.agentRunMs,
  }),
  deleteDocument: operation({
    service: rag,
    method: 'DELETE',
    path: '/documents/:id',
    summary: 'Deletes a document with its passages and its original.',
    params: z.object({ id: z.string() }),
    response: z.object({ document_id: z.string() }),
    timeoutMs,
  }),
} as const;
