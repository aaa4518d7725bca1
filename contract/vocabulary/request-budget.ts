import { holdChain, type TimeLink } from './time-budget.js';

/** How long each station of a request waits for the next, outermost first. */
export interface RequestPath {
  /** The caller outside. It should give up last, so that it is told why. */
  readonly clientMs: number;
  /** The entrance: an ingress gateway. */
  readonly gatewayMs: number;
  /** A mesh route, or whatever stands before a service inside. */
  readonly routeMs: number;
  /** A service, for its whole answer. */
  readonly serviceMs: number;
  /** One piece of a service's work that itself calls another service. */
  readonly runMs: number;
  /** One service's call of another. */
  readonly serviceCallMs: number;
  readonly modelCallMs: number;
}

export interface RequestBudgetProps {
  /** The whole budget. */
  readonly clientMs: number;
  /** What each station keeps for itself: to fail, and to say so. */
  readonly hopMs: number;
  readonly serviceCallMs: number;
}

/** No answer of a model takes less. */
const LEAST_CLIENT_MS = 1000;

/**
 * Spends a budget along the path of a request: every station has a hop less than the one before it.
 * @throws {TimeBudgetError} if the budget is too small for so many stations.
 */
export function requestPath({ clientMs, hopMs, serviceCallMs }: RequestBudgetProps): RequestPath {
  if (clientMs < LEAST_CLIENT_MS) {
    throw new Error(
      `request budget: clientMs ${clientMs} must be ${LEAST_CLIENT_MS} milliseconds or more. Was it meant in seconds?`,
    );
  }
  const serviceMs = clientMs - 3 * hopMs;
  const path = {
    clientMs,
    gatewayMs: clientMs - hopMs,
    routeMs: clientMs - 2 * hopMs,
    serviceMs,
    runMs: serviceMs - serviceCallMs - hopMs,
    serviceCallMs,
    modelCallMs: serviceCallMs - hopMs,
  };
  holdChain('request budget', [
    ...requestChain(path),
    { name: 'nothing', seconds: 0, raise: 'raise clientMs', lower: 'lower hopMs' },
  ]);
  return path;
}

/**
 * The path of a request as a chain: client > gateway > route > service > model call.
 * @param setBy what sets a link, where that is not the path's own field.
 */
export function requestChain(
  path: RequestPath,
  setBy: Partial<Record<keyof RequestPath, string>> = {},
): readonly TimeLink[] {
  const link = (name: string, ms: number, field: keyof RequestPath): TimeLink => ({
    name,
    seconds: ms / 1000,
    raise: `raise ${setBy[field] ?? field}`,
    lower: `lower ${setBy[field] ?? field}`,
  });
  return [
    link("the client's patience", path.clientMs, 'clientMs'),
    link("the gateway's timeout", path.gatewayMs, 'gatewayMs'),
    link("the route's timeout", path.routeMs, 'routeMs'),
    link("the service's longest answer", path.serviceMs, 'serviceMs'),
    link("the service's longest run", path.runMs, 'runMs'),
    link("a service's call of another", path.serviceCallMs, 'serviceCallMs'),
    link('one model call', path.modelCallMs, 'modelCallMs'),
  ];
}
