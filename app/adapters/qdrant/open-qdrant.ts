import { QdrantClient } from '@qdrant/js-client-rest';
import { wellKnownPorts } from '../../../contract/index.js';

export interface QdrantProps {
  /** `http://host:port` or `https://host`. */
  readonly url: string;
  readonly apiKey: string;
}

const TIMEOUT_MS = 10_000;

/** A client of Qdrant. It connects on use. */
export function openQdrant({ url, apiKey }: QdrantProps): QdrantClient {
  const { protocol } = new URL(url);
  return new QdrantClient({
    url,
    // Where the URL names none, the client takes Qdrant's own port whatever the scheme.
    port: protocol === 'https:' ? wellKnownPorts.https : wellKnownPorts.http,
    // As `apiKey` the client warns of every in-cluster address: there the mesh encrypts.
    headers: { 'api-key': apiKey },
    timeout: TIMEOUT_MS,
    checkCompatibility: false,
  });
}

/** @throws when Qdrant does not answer */
export async function checkQdrant(client: QdrantClient): Promise<void> {
  await client.api().readyz({});
}
