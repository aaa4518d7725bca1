import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import {
  type HttpRoute,
  istioDuration,
  NETWORKING_API,
  NO_RETRIES,
  type RequestPath,
  VERSION_LABEL,
} from '../../contract/vocabulary/index.js';
import { objectMeta } from '../platform-context.js';
import { markSourceLine } from '../source-line.js';
import type { LlmService } from '../workload/llm-service.js';
import type { Release } from '../workload/release.js';
import { holdRoute } from './service-route.js';
import { type TrafficPolicyProps, trafficPolicy } from './traffic-policy.js';

export interface CanaryRouteProps extends TrafficPolicyProps {
  readonly service: LlmService;
  /** The release that is being tried; one of the service's, and not its stable one. */
  readonly canary: Release;
  /** Share of the requests that the canary gets, 0 to 100. A controller moves it from there on. */
  readonly canaryPercent: number;
  /** Requests with this header always go to the canary. */
  readonly betaHeader: { readonly name: string; readonly value: string };
  /** A request may take so long. */
  readonly timeoutMs: number;
  /** The path of those requests, into which `timeoutMs` must fit. @default unchecked */
  readonly requestPath?: RequestPath;
}

/** Splits a service's requests between its stable release and a canary (chapter 32.6). */
export class CanaryRoute extends Construct {
  readonly virtualService: ApiObject;
  readonly destinationRule: ApiObject;

  /**
   * @throws if the canary is not a second release of the service, the share is no percentage, or there is no mesh to split.
   * @throws {TimeBudgetError} if `timeoutMs` does not fit between the gateway and the service.
   */
  constructor(scope: Construct, id: string, props: CanaryRouteProps) {
    super(scope, id);
    markSourceLine(this);
    const problem = routeProblem(props);
    if (problem !== undefined) throw new Error(`${this.node.path}: ${problem}`);
    const { requestPath, timeoutMs } = props;
    holdRoute(this.node.path, timeoutMs, requestPath);
    const { platform, spec, stable, releases } = props.service;
    const { canary, canaryPercent, betaHeader } = props;
    const metadata = objectMeta(platform, spec);
    const to = (release: Release) => ({ host: spec.name, subset: release.version, port: { number: spec.port } });
    const rest = { timeout: istioDuration(timeoutMs), retries: NO_RETRIES };

    this.destinationRule = new ApiObject(this, 'destination-rule', {
      apiVersion: NETWORKING_API,
      kind: 'DestinationRule',
      metadata,
      spec: {
        host: spec.name,
        trafficPolicy: trafficPolicy(props),
        subsets: releases.map(({ version }) => ({ name: version, labels: { [VERSION_LABEL]: version } })),
      },
    });
    const http: HttpRoute[] = [
      {
        name: 'beta',
        // Envoy sees header names in lower case.
        match: [{ headers: { [betaHeader.name.toLowerCase()]: { exact: betaHeader.value } } }],
        route: [{ destination: to(canary), weight: 100 }],
        ...rest,
      },
      {
        name: 'split',
        route: [
          { destination: to(stable), weight: 100 - canaryPercent },
          { destination: to(canary), weight: canaryPercent },
        ],
        ...rest,
      },
    ];
    this.virtualService = new ApiObject(this, 'virtual-service', {
      apiVersion: NETWORKING_API,
      kind: 'VirtualService',
      metadata,
      spec: { hosts: [spec.name], gateways: ['mesh'], http },
    });
  }
}

function routeProblem({ service, canary, canaryPercent }: CanaryRouteProps): string | undefined {
  const { platform, releases, stable, spec } = service;
  if (canary === stable || !releases.includes(canary)) {
    const versions = releases.map(({ version }) => version).join(', ');
    return `version "${canary.version}" is no second release of ${spec.name} (it has ${versions}). Fix: pass what ${spec.name}.addRelease() returned.`;
  }
  if (!(Number.isInteger(canaryPercent) && canaryPercent >= 0 && canaryPercent <= 100)) {
    return `canaryPercent ${canaryPercent} is not a whole number from 0 to 100.`;
  }
  if (platform.mesh.kind !== 'sidecar') {
    return `the split needs a proxy at each caller, and the mesh is "${platform.mesh.kind}". Fix: Mesh.sidecar({ cni: true }).`;
  }
  return undefined;
}
