/** An Istio HTTP route; only the fields that the kit writes. */
export interface HttpRoute {
  readonly name: string;
  readonly match?: readonly HttpMatch[];
  readonly route?: readonly { readonly destination: Destination; readonly weight?: number }[];
  /** In the place of `route`: another VirtualService, whose routes hold here as far as there is one. */
  readonly delegate?: { readonly name: string };
  /** Who gets a share of the requests a second time; what it answers is thrown away. */
  readonly mirror?: Destination;
  readonly mirrorPercentage?: { readonly value: number };
  readonly timeout?: string;
  readonly retries?: { readonly attempts: number; readonly retryOn?: string };
}

export interface HttpMatch {
  readonly method?: { readonly regex: string };
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

/** Requests that change nothing (RFC 9110, 9.2.1), and so may be sent again. */
export const SAFE_METHODS = { regex: 'GET|HEAD' } as const;

/** To another pod, when the first one did not begin an answer: an answer of 5xx is the application's own, and final. */
export const SAFE_RETRIES = { attempts: 2, retryOn: 'connect-failure,refused-stream,reset-before-request' } as const;

export const NETWORKING_API = 'networking.istio.io/v1';

/** A duration as Istio writes it. */
export function istioDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
