import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import * as z from 'zod';
import { holdChain, type RequestPath, requestChain, type SettingsShape } from '../../contract/vocabulary/index.js';
import { holdProps, propForms } from '../hold-props.js';
import { objectMeta, podSelector } from '../platform-context.js';
import { LlmWorkload, type LlmWorkloadProps } from './llm-workload.js';
import { PUBLIC_ANNOTATION } from './public-annotation.js';

export interface LlmServiceProps<S extends SettingsShape> extends LlmWorkloadProps<S> {
  /** Gives the Service an address outside the cluster, from the cloud's load balancer. @default false */
  readonly loadBalancer?: boolean;
  /** The path of the requests that it answers, which its own longest answer must fit into. @default unchecked */
  readonly requestPath?: RequestPath;
  /** Its longest answer. @default the path's `serviceMs` */
  readonly longestAnswerMs?: number;
  /** Sends a client back to the same pod for so long. @default to any pod */
  readonly clientAffinitySeconds?: number;
}

const serviceProps = z.object({
  clientAffinitySeconds: propForms.affinitySeconds.optional(),
  longestAnswerMs: propForms.timeoutMs.optional(),
});

/** Until every node has taken a pod out of its routes, new requests still come. */
const ENDPOINT_REMOVAL_SECONDS = 5;

/**
 * A process that others call: Deployment, Service, ServiceAccount, ConfigMap and disruption budget, all from the service's contract.
 * The Service has the contract's name and port, for that is where the others' URLs point.
 *
 * @example
 * new LlmService(chart, 'chat', { platform, spec: chat, version: 'v1', image, settings: { redisUrl, … }, replicas: 'autoscaled', … })
 */
export class LlmService<S extends SettingsShape = SettingsShape> extends LlmWorkload<S> {
  readonly service: k8s.KubeService;

  /** @throws {TimeBudgetError} if its longest answer outlasts the route to it, or its pods would be ended in the middle of one. */
  constructor(scope: Construct, id: string, props: LlmServiceProps<S>) {
    super(scope, id, props, ENDPOINT_REMOVAL_SECONDS);
    holdProps(this, serviceProps, props);
    holdRequests(this.node.path, props);
    const { platform, spec, clientAffinitySeconds, loadBalancer = false } = props;
    this.service = new k8s.KubeService(this, 'service', {
      metadata: {
        ...objectMeta(platform, spec),
        ...(loadBalancer && { annotations: { [PUBLIC_ANNOTATION]: 'loadBalancer was chosen for this service' } }),
      },
      spec: {
        type: loadBalancer ? 'LoadBalancer' : 'ClusterIP',
        selector: podSelector(platform, spec),
        ports: [
          {
            name: 'http',
            port: spec.port,
            targetPort: k8s.IntOrString.fromString('http'),
            protocol: 'TCP',
            appProtocol: 'http',
          },
        ],
        ...(clientAffinitySeconds !== undefined && {
          sessionAffinity: 'ClientIP',
          sessionAffinityConfig: { clientIp: { timeoutSeconds: clientAffinitySeconds } },
        }),
      },
    });
  }
}

function holdRequests(
  path: string,
  props: Pick<LlmServiceProps<SettingsShape>, 'requestPath' | 'longestAnswerMs' | 'drainSeconds'>,
): void {
  if (!props.requestPath) return;
  const serviceMs = props.longestAnswerMs ?? props.requestPath.serviceMs;
  holdChain(path, requestChain({ ...props.requestPath, serviceMs }, { serviceMs: 'longestAnswerMs' }));
  holdChain(path, [
    {
      name: 'the time to drain',
      seconds: props.drainSeconds,
      raise: 'raise drainSeconds',
      lower: 'lower drainSeconds',
    },
    {
      name: "the service's longest answer",
      seconds: serviceMs / 1000,
      raise: 'raise longestAnswerMs',
      lower: 'lower longestAnswerMs',
    },
  ]);
}
