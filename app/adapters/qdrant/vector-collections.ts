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

/** HTTP's status of a collection that Qdrant does not have. */
const NOT_FOUND = 404;
const GONE = Symbol('gone');

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

  /** Works with a collection, which is made unless it is there. */
  async within<T>(dimensions: number, work: (name: string) => Promise<T>): Promise<T> {
    const done = await this.#tried(dimensions, work);
    return done === GONE ? work(await this.#ensure(dimensions)) : done;
  }

  /** Works with a collection if there is one. */
  async ifThere<T>(dimensions: number, work: (name: string) => Promise<T>): Promise<T | undefined> {
    if (!this.#made.has(dimensions)) {
      const { exists } = await this.client.collectionExists(this.nameOf(dimensions));
      if (!exists) return undefined;
    }
    const done = await this.#tried(dimensions, work);
    return done === GONE ? undefined : done;
  }

  /** A collection that was made may be gone: with a Qdrant that lost its disk, or was set up anew. */
  async #tried<T>(dimensions: number, work: (name: string) => Promise<T>): Promise<T | typeof GONE> {
    const name = await this.#ensure(dimensions);
    try {
      return await work(name);
    } catch (error) {
      if ((error as { readonly status?: number }).status !== NOT_FOUND) throw error;
      this.#made.delete(dimensions);
      return GONE;
    }
  }

  /** Makes the collection unless it is there. @returns its name */
  async #ensure(dimensions: number): Promise<string> {
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
