import { type Fields, listAt, mapAt, textAt } from './field.js';
import type { KubeObject } from './kube-object.js';

const PROTOCOLS = ['http', 'tls', 'tcp'] as const;

/** A route of a VirtualService. */
export interface MeshRoute {
  readonly protocol: (typeof PROTOCOLS)[number];
  /** How messages call it: `http route "split"`. */
  readonly title: string;
  readonly matches: readonly unknown[];
  readonly weights: readonly (number | undefined)[];
  readonly destinations: readonly MeshDestination[];
}

export interface MeshDestination {
  readonly host: string;
  readonly fields: Fields;
}

export function meshRoutes({ value }: KubeObject): readonly MeshRoute[] {
  return PROTOCOLS.flatMap((protocol) =>
    listAt(value, `spec.${protocol}`).map((route, i) => {
      const shares = listAt(route, 'route').map((one) => mapAt({ one }, 'one'));
      return {
        protocol,
        title: `${protocol} route "${textAt(route, 'name') ?? i}"`,
        matches: listAt(route, 'match'),
        weights: shares.map(({ weight }) => (typeof weight === 'number' ? weight : undefined)),
        destinations: shares.map((share) => {
          const fields = mapAt(share, 'destination');
          return { host: textAt(fields, 'host') ?? '', fields };
        }),
      };
    }),
  );
}

/** Where the routes of a VirtualService hold; the mesh itself, where it names no gateway. */
export function gatewaysOf({ namespace, value }: KubeObject): readonly string[] {
  const named = listAt(value, 'spec.gateways').filter((one) => typeof one === 'string');
  if (named.length === 0) return ['mesh'];
  return named.map((one) => (one === 'mesh' || one.includes('/') ? one : `${namespace}/${one}`));
}
