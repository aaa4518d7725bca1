import { ApiObject } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as z from 'zod';
import {
  type CanaryReleaseSpecInput,
  canaryReleaseResource,
  canaryReleaseSpec,
  canaryRouteName,
  type HttpRoute,
  istioDuration,
  NETWORKING_API,
  NO_RETRIES,
  type RequestPath,
  type ServiceSpec,
  VERSION_LABEL,
} from '../../contract/vocabulary/index.js';
import { holdProps } from '../hold-props.js';
import { objectMeta } from '../platform-context.js';
import { markSourceLine } from '../source-line.js';
import type { LlmService } from '../workload/llm-service.js';
import type { Release } from '../workload/release.js';
import { holdRoute } from './service-route.js';
import { type TrafficPolicyProps, trafficPolicy, trafficProps } from './traffic-policy.js';

export interface CanaryReleaseProps extends TrafficPolicyProps {
  readonly service: LlmService;
  /** The second slot, beside the service's first release: where the next release goes. */
  readonly canary: Release;
  /** Requests with this header go to the canary while one is tried. @default none do */
  readonly betaHeader?: { readonly name: string; readonly value: string };
  /** Pods that the stable release has at least, whichever slot it stands in. @default what that slot's autoscaler states */
  readonly minReplicas?: number;
  /**
   * Most pods that the autoscaler of each slot gives, where both follow the release's floors: the canary then has the pods for a share before that comes.
   * @default none follows them, and one ready pod will do
   */
  readonly maxReplicas?: number;
  /** By what it is judged. @default the chapter's figures (32.6) for all that is left out */
  readonly policy?: CanaryReleaseSpecInput['policy'];
  /** Who is asked before the first step and before the promotion, and told of the end; the controller must be let through to them. @default nobody */
  readonly webhooks?: CanaryReleaseSpecInput['webhooks'];
  /** A request may take so long. */
  readonly timeoutMs: number;
  /** The path of those requests, into which `timeoutMs` must fit. @default unchecked */
  readonly requestPath?: RequestPath;
}

/**
 * Releases of a service, moved by the canary controller: a CanaryRelease resource, the subsets of its two slots, and a VirtualService that
 * has the controller's own divide the traffic. No weight is written here, so no apply sets one back (docs/decisions/0048). Needs the
 * {@link CanaryReleaseDefinition}, and a controller with {@link canaryPermissions}.
 */
export class CanaryRelease extends Construct {
  readonly resource: ApiObject;
  readonly virtualService: ApiObject;
  readonly destinationRule: ApiObject;

  /**
   * @throws naming every bad figure of the policy; if the canary is not a second release of the service, or there is no mesh to split.
   * @throws {TimeBudgetError} if `timeoutMs` does not fit between the gateway and the service.
   */
  constructor(scope: Construct, id: string, props: CanaryReleaseProps) {
    super(scope, id);
    markSourceLine(this);
    holdProps(this, trafficProps, props);
    const problem = releaseProblem(props);
    if (problem !== undefined) throw new Error(`${this.node.path}: ${problem}`);
    const { timeoutMs, requestPath } = props;
    holdRoute(this.node.path, timeoutMs, requestPath);
    const { platform, spec, stable, releases } = props.service;
    const metadata = objectMeta(platform, spec);

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
    const first = { host: spec.name, subset: stable.version, port: { number: spec.port } };
    const http: HttpRoute[] = [
      // With a match that all requests meet: Istio takes a route without one for the last.
      { name: 'canary', match: [{ uri: { prefix: '/' } }], delegate: { name: canaryRouteName(spec.name) } },
      // Before the controller has been there; Istio passes over a delegate that does not exist.
      { name: 'stable', route: [{ destination: first }], timeout: istioDuration(timeoutMs), retries: NO_RETRIES },
    ];
    this.virtualService = new ApiObject(this, 'virtual-service', {
      apiVersion: NETWORKING_API,
      kind: 'VirtualService',
      metadata,
      spec: { hosts: [spec.name], gateways: ['mesh'], http },
    });
    this.resource = new ApiObject(this, 'release', {
      apiVersion: `${canaryReleaseResource.group}/${canaryReleaseResource.version}`,
      kind: canaryReleaseResource.kind,
      metadata,
      spec: this.releaseSpec(props),
    });
  }

  private releaseSpec({
    service,
    canary,
    betaHeader,
    minReplicas,
    maxReplicas,
    webhooks = [],
    policy = {},
    timeoutMs,
  }: CanaryReleaseProps): object {
    const { spec, stable } = service;
    const parsed = canaryReleaseSpec.safeParse({
      service: spec.name,
      port: spec.port,
      timeoutMs,
      ...(betaHeader && { betaHeader }),
      slots: [stable, canary].map(({ version, name }) => ({ version, deployment: name })),
      ...(minReplicas !== undefined && { minReplicas }),
      ...(maxReplicas !== undefined && { maxReplicas }),
      webhooks,
      policy,
    });
    if (!parsed.success) throw new Error(`${this.node.path}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  }
}

/** What a controller must be allowed that moves the releases of these services; nothing else. */
export function canaryPermissions(
  controller: Pick<ServiceSpec, 'name'>,
  services: readonly { readonly name: string; readonly deployments: readonly string[] }[],
): readonly k8s.PolicyRule[] {
  const { group, plural } = canaryReleaseResource;
  const lease = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
  const routes = { apiGroups: [NETWORKING_API.split('/')[0] ?? ''], resources: ['virtualservices'] };
  const rules: k8s.PolicyRule[] = [
    { apiGroups: [group], resources: [plural], verbs: ['get', 'list', 'watch'] },
    // Who creates cannot be held to a name.
    { ...lease, verbs: ['create'] },
    { ...lease, verbs: ['get', 'update'], resourceNames: [controller.name] },
  ];
  if (services.length === 0) return rules;
  return [
    ...rules,
    {
      apiGroups: [group],
      resources: [`${plural}/status`],
      verbs: ['update'],
      resourceNames: services.map(({ name }) => name),
    },
    { ...routes, verbs: ['create'] },
    { ...routes, verbs: ['patch'], resourceNames: services.map(({ name }) => canaryRouteName(name)) },
    {
      apiGroups: ['apps'],
      resources: ['deployments'],
      verbs: ['get'],
      resourceNames: services.flatMap(({ deployments }) => deployments),
    },
    { apiGroups: [''], resources: ['events'], verbs: ['create'] },
  ];
}

function releaseProblem({ service, canary, policy }: CanaryReleaseProps): string | undefined {
  const { platform, releases, stable, spec } = service;
  if (canary === stable || !releases.includes(canary)) {
    const versions = releases.map(({ version }) => version).join(', ');
    return `version "${canary.version}" is no second release of ${spec.name} (it has ${versions}). Fix: pass what ${spec.name}.addRelease() returned.`;
  }
  if (platform.mesh.kind !== 'sidecar') {
    return `the split needs a proxy at each caller, and the mesh is "${platform.mesh.kind}". Fix: Mesh.sidecar({ cni: true }).`;
  }
  const { businessMetric: business } = policy ?? {};
  const served = spec.metrics.map((metric) => metric.name);
  const missing = business && [business.values, business.answers].find((metric) => !served.includes(metric));
  if (missing !== undefined) {
    return `the business metric asks for "${missing}", which ${spec.name} does not expose (it has ${served.join(', ')}): no release would ever pass.`;
  }
  const label = business?.releaseLabel;
  const unlabelled = spec.metrics.find(
    ({ name, labels }) =>
      label !== undefined && [business?.values, business?.answers].includes(name) && !labels.includes(label),
  );
  if (unlabelled !== undefined) {
    return `the business metric tells releases apart by "${label}", which ${unlabelled.name} does not have (its labels: ${unlabelled.labels.join(', ') || 'none'}): no answer would ever count.`;
  }
  return undefined;
}
