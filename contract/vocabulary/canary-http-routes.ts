import type { CanaryReleaseSpec } from './canary-release.js';
import { type HttpRoute, istioDuration, NO_RETRIES } from './http-route.js';

/** How the traffic of a service is divided at one moment, by slots. */
export interface CanarySplit {
  readonly stable: string;
  readonly canary: string;
  /** The canary's share, 0 to 100. */
  readonly percent: number;
  /** Share of the requests that it gets a second time; nobody sees those answers. */
  readonly mirrorPercent: number;
  /** Whether requests with the beta header go to the canary. */
  readonly beta: boolean;
}

/**
 * The routes that the controller's VirtualService holds. The service's own delegates every request to it, and sends what comes before it
 * is there to the first slot: so no apply of an environment states a weight, and none can set one back.
 */
export function canaryHttpRoutes(spec: CanaryReleaseSpec, split: CanarySplit): readonly HttpRoute[] {
  const { stable, canary, percent, mirrorPercent, beta } = split;
  const to = (subset: string) => ({ host: spec.service, subset, port: { number: spec.port } });
  const rest = { timeout: istioDuration(spec.timeoutMs), retries: NO_RETRIES };
  const shares = [
    { destination: to(stable), weight: 100 - percent },
    { destination: to(canary), weight: percent },
  ];
  const mirror = { mirror: to(canary), mirrorPercentage: { value: mirrorPercent } };
  return [
    ...(beta && spec.betaHeader
      ? [
          {
            name: 'beta',
            // Envoy sees header names in lower case.
            match: [{ headers: { [spec.betaHeader.name.toLowerCase()]: { exact: spec.betaHeader.value } } }],
            route: [{ destination: to(canary), weight: 100 }],
            ...rest,
          },
        ]
      : []),
    { name: 'split', route: shares, ...rest, ...(mirrorPercent > 0 && mirror) },
  ];
}
