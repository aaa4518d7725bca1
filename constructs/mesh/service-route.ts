import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import {
  type HttpRoute,
  holdChain,
  istioDuration,
  NETWORKING_API,
  NO_RETRIES,
  type RequestPath,
  requestChain,
  SAFE_METHODS,
  SAFE_RETRIES,
} from '../../contract/vocabulary/index.js';
import { holdProps } from '../hold-props.js';
import { objectMeta } from '../platform-context.js';
import { markSourceLine } from '../source-line.js';
import type { LlmService } from '../workload/llm-service.js';
import { type TrafficPolicyProps, trafficPolicy, trafficProps } from './traffic-policy.js';

export interface ServiceRouteProps extends TrafficPolicyProps {
  readonly service: LlmService;
  /** A request may take so long, its streamed answer included. */
  readonly timeoutMs: number;
  /** The path of those requests, into which `timeoutMs` must fit. @default unchecked */
  readonly requestPath?: RequestPath;
}

/**
 * How the mesh carries requests to a service that has one release: in bounded time, over bounded connections, past pods that fail,
 * and again only what changes nothing. A service with a canary has a {@link CanaryRelease} instead.
 */
export class ServiceRoute extends Construct {
  readonly virtualService: ApiObject;
  readonly destinationRule: ApiObject;

  /**
   * @throws if no proxy stands at the callers.
   * @throws {TimeBudgetError} if `timeoutMs` does not fit between the gateway and the service.
   */
  constructor(scope: Construct, id: string, props: ServiceRouteProps) {
    super(scope, id);
    markSourceLine(this);
    holdProps(this, trafficProps, props);
    const { service, timeoutMs, requestPath } = props;
    const { platform, spec } = service;
    if (platform.mesh.kind !== 'sidecar') {
      throw new Error(
        `${this.node.path}: a route needs a proxy at each caller, and the mesh is "${platform.mesh.kind}". Fix: Mesh.sidecar({ cni: true }), or no route.`,
      );
    }
    holdRoute(this.node.path, timeoutMs, requestPath);
    const metadata = objectMeta(platform, spec);
    const route = [{ destination: { host: spec.name, port: { number: spec.port } } }];
    const timeout = istioDuration(timeoutMs);
    const http: HttpRoute[] = [
      { name: 'safe', match: [{ method: SAFE_METHODS }], route, timeout, retries: SAFE_RETRIES },
      { name: 'rest', route, timeout, retries: NO_RETRIES },
    ];
    this.destinationRule = new ApiObject(this, 'destination-rule', {
      apiVersion: NETWORKING_API,
      kind: 'DestinationRule',
      metadata,
      spec: { host: spec.name, trafficPolicy: trafficPolicy(props) },
    });
    this.virtualService = new ApiObject(this, 'virtual-service', {
      apiVersion: NETWORKING_API,
      kind: 'VirtualService',
      metadata,
      spec: { hosts: [spec.name], gateways: ['mesh'], http },
    });
  }
}

/** @throws {TimeBudgetError} if a route's timeout does not fit between the gateway and the service. */
export function holdRoute(constructPath: string, timeoutMs: number, requestPath: RequestPath | undefined): void {
  if (!requestPath) return;
  holdChain(constructPath, requestChain({ ...requestPath, routeMs: timeoutMs }, { routeMs: 'timeoutMs' }));
}
