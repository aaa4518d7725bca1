import type { QdrantClient } from '@qdrant/js-client-rest';

type FieldSchema = 'keyword' | 'integer' | { readonly type: 'keyword'; readonly is_tenant: true };

interface VectorCollectionsProps {
  /** What the points are: `passages`. */
  readonly kind: string;
  /** Payload field by which points are kept apart: Qdrant stores those of one value together. */
  readonly tenantField: string;
  /** Further payload fields that are filtered by. */
  readonly keywordFields: readonly string[];
  /** Payload fields that are compared with numbers. @default none */
  readonly integerFields?: readonly string[];
}

/**
 * Collections of one kind of point: one for each length of vector, made when a vector of that length first comes. Tenants share
 * them, as Qdrant advises: a collection for each would cost memory for each.
 */
export class VectorCollections {
  readonly #made = new Map<number, Promise<void>>();

  constructor(
    readonly client: QdrantClient,
    private readonly props: VectorCollectionsProps,
  ) {}

  nameOf(dimensions: number): string {
    return `${this.props.kind}-${dimensions}`;
  }

  /** Makes the collection unless it is there. @returns its name */
  async ensure(dimensions: number): Promise<string> {
    const name = this.nameOf(dimensions);
    let made = this.#made.get(dimensions);
    if (made === undefined) {
      made = this.#make(name, dimensions);
      this.#made.set(dimensions, made);
      made.catch(() => this.#made.delete(dimensions));
    }
    await made;
    return name;
  }

  /** Names of all that are there. */
  async list(): Promise<readonly string[]> {
    const { collections } = await this.client.getCollections();
    return collections.map(({ name }) => name).filter((name) => name.startsWith(`${this.props.kind}-`));
  }

  /** @returns the name of the collection, if there is one */
  async find(dimensions: number): Promise<string | undefined> {
    if (this.#made.has(dimensions)) return this.ensure(dimensions);
    const { exists } = await this.client.collectionExists(this.nameOf(dimensions));
    return exists ? this.ensure(dimensions) : undefined;
  }

  async #make(name: string, dimensions: number): Promise<void> {
    const { client, props } = this;
    if (!(await client.collectionExists(name)).exists) {
      // Vectors come at length 1, so that the dot product is the cosine and no length is lost on the way.
      await client
        .createCollection(name, { vectors: { size: dimensions, distance: 'Dot' } })
        .catch((error: unknown) => this.#unlessMadeMeanwhile(name, error));
    }
    const index = (field: string, schema: FieldSchema) =>
      client.createPayloadIndex(name, { field_name: field, field_schema: schema, wait: true });
    await index(props.tenantField, { type: 'keyword', is_tenant: true });
    for (const field of props.keywordFields) await index(field, 'keyword');
    for (const field of props.integerFields ?? []) await index(field, 'integer');
  }

  /** Another process may have been first. */
  async #unlessMadeMeanwhile(name: string, error: unknown): Promise<void> {
    if (!(await this.client.collectionExists(name)).exists) throw error;
  }
}
