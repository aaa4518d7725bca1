/** An Istio HTTP route; only the fields that the kit writes. */
export interface HttpRoute {
  readonly name: string;
  readonly match?: readonly HttpMatch[];
  readonly route: readonly { readonly destination: Destination; readonly weight?: number }[];
  readonly timeout?: string;
  readonly retries: { readonly attempts: 0 };
}

export interface HttpMatch {
  readonly headers?: Readonly<Record<string, { readonly exact: string }>>;
  readonly uri?: { readonly prefix: string };
}

export interface Destination {
  readonly host: string;
  readonly subset?: string;
  readonly port: { readonly number: number };
}

/** Istio would retry twice by itself, a POST too, and so do a task twice. The application knows what it may repeat. */
export const NO_RETRIES = { attempts: 0 } as const;

export const NETWORKING_API = 'networking.istio.io/v1';

/** A duration as Istio writes it. */
export function istioDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
