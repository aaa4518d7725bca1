import * as z from 'zod';
import { wellKnownPorts } from '../../contract/vocabulary/index.js';
import { addresses, type Peer } from '../connection.js';

/** Where a store outside the cluster is reached. */
export const managedStore = z.strictObject({
  kind: z.literal('managed'),
  /** URL for clients, without a password: `rediss://redis.example.com`. */
  url: z
    .url({ error: 'must be a URL, such as rediss://redis.example.com', abort: true })
    .refine((url) => new URL(url).password === '', {
      error: 'must not hold a password: give a reference to its Secret instead',
    }),
  /** Addresses that the network policies open: the store's subnets. */
  cidrs: z.array(z.cidrv4({ error: 'must be an address range, such as 10.20.0.0/16' })).min(1),
});
export type ManagedStore = Readonly<z.infer<typeof managedStore>>;

/** The same of a store that clients reach by these schemes alone. */
export function managedStoreAt(...schemes: readonly string[]) {
  return managedStore.extend({
    url: managedStore.shape.url.refine((url) => schemes.includes(new URL(url).protocol.slice(0, -1)), {
      error: `must begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    }),
  });
}

const PORT_OF_SCHEME: Readonly<Record<string, number>> = {
  'https:': wellKnownPorts.https,
  'http:': wellKnownPorts.http,
};

/** @param defaultPort the store's usual port, where the URL names none. */
export function managedAddress(
  { url, cidrs }: ManagedStore,
  defaultPort: number,
): { readonly peer: Peer; readonly port: number } {
  const { port, protocol } = new URL(url);
  return { peer: addresses(cidrs), port: port === '' ? (PORT_OF_SCHEME[protocol] ?? defaultPort) : Number(port) };
}
