import type { Document } from './document-store.js';

export function sampleDocument(id: string, changes: Partial<Document> = {}): Document {
  return {
    id,
    tenant: 'acme',
    collection: 'manuals',
    source: `${id}.md`,
    metadata: {},
    contentHash: 'ab'.repeat(32),
    createdAt: Date.UTC(2026, 0, 1),
    ...changes,
  };
}
