import { randomUUID } from 'node:crypto';
import type { QdrantClient } from '@qdrant/js-client-rest';
import type { Document, Metadata } from '../../documents/document-store.js';
import { VectorCollections } from './vector-collections.js';

export interface PassagePoint {
  readonly index: number;
  readonly text: string;
  readonly unit: Float32Array;
}

export interface FoundPoint extends Omit<PassagePoint, 'unit'> {
  readonly documentId: string;
  readonly generation: string;
  readonly score: number;
}

export interface PointQuery {
  readonly tenant: string;
  readonly collection: string;
  readonly unit: Float32Array;
  readonly limit: number;
  readonly filter: Metadata;
}

const POINTS_PER_REQUEST = 256;

/** Passages as points of Qdrant. A document's points carry a generation: only the one that the document names counts. */
export class PassagePoints {
  readonly #client: QdrantClient;
  readonly #collections: VectorCollections;

  constructor(client: QdrantClient) {
    this.#client = client;
    this.#collections = new VectorCollections(client, {
      kind: 'passages',
      tenantField: 'tenant',
      keywordFields: ['collection', 'document', 'generation', 'metadata'],
    });
  }

  async add(document: Document, generation: string, passages: readonly PassagePoint[]): Promise<void> {
    const [first] = passages;
    if (first === undefined) return;
    const { tenant, collection, id } = document;
    const metadata = pairs(document.metadata);
    await this.#collections.within(first.unit.length, async (name) => {
      for (let start = 0; start < passages.length; start += POINTS_PER_REQUEST) {
        const points = passages.slice(start, start + POINTS_PER_REQUEST).map(({ index, text, unit }) => ({
          id: randomUUID(),
          vector: [...unit],
          payload: { tenant, collection, document: id, generation, position: index, text, metadata },
        }));
        await this.#client.upsert(name, { wait: true, points });
      }
    });
  }

  /** The nearest points, best first; those of generations that do not count among them. */
  async search({ tenant, collection, unit, limit, filter }: PointQuery): Promise<readonly FoundPoint[]> {
    const must = [equal('tenant', tenant), equal('collection', collection)];
    const found = await this.#collections.ifThere(unit.length, (name) =>
      this.#client.query(name, {
        query: [...unit],
        filter: { must: [...must, ...pairs(filter).map((pair) => equal('metadata', pair))] },
        limit,
        with_payload: ['document', 'generation', 'position', 'text'],
      }),
    );
    if (found === undefined) return [];
    return found.points.map(({ score, payload }) => ({
      documentId: String(payload?.document),
      generation: String(payload?.generation),
      index: Number(payload?.position),
      text: String(payload?.text),
      score,
    }));
  }

  /** Removes one generation of a document, or all but one. */
  async remove(
    { tenant, id }: Pick<Document, 'tenant' | 'id'>,
    dimensions: number,
    which: { readonly only: string } | { readonly allBut: string } | 'all',
  ): Promise<void> {
    const must = [equal('tenant', tenant), equal('document', id)];
    const filter =
      which === 'all'
        ? { must }
        : 'only' in which
          ? { must: [...must, equal('generation', which.only)] }
          : { must, must_not: [equal('generation', which.allBut)] };
    await this.#collections.ifThere(dimensions, (name) => this.#client.delete(name, { wait: true, filter }));
  }
}

function equal(key: string, value: string) {
  return { key, match: { value } };
}

/** Each pair as one value, so that one index serves every name. */
function pairs(metadata: Metadata): string[] {
  return Object.entries(metadata).map((pair) => JSON.stringify(pair));
}
