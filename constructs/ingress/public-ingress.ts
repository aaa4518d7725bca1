import { Construct } from 'constructs';
import * as z from 'zod';
import { holdChain, requestChain } from '../../contract/vocabulary/index.js';
import { type Peer, podsElsewhere } from '../connection.js';
import { holdProps, propForms } from '../hold-props.js';
import { GatewayApiEntrance } from './gateway-api-entrance.js';
import { GatewayEntrance } from './gateway-entrance.js';
import {
  type GatewayApiIngress,
  type GatewayIngress,
  type IngressChoice,
  ingressChoice,
  type NginxIngress,
} from './ingress-choice.js';
import { NginxEntrance } from './nginx-entrance.js';
import type { PublicIngressProps } from './public-ingress-props.js';

const path = z.string().regex(/^\//, 'must begin with a slash');
const ingressProps = z
  .object({
    paths: z.array(path).min(1, 'must have a path: without one nothing is let through'),
    webSocketPaths: z.array(path).optional(),
    timeoutMs: propForms.timeoutMs,
    idleTimeoutSeconds: propForms.seconds.min(1, 'must be 1 second or more'),
    ingress: ingressChoice,
  })
  .refine(({ paths, webSocketPaths = [] }) => webSocketPaths.every((one) => paths.includes(one)), {
    path: ['webSocketPaths'],
    error: 'must be among paths: what is not let through has no connections',
  });

/** The entrance from outside: TLS by cert-manager, the listed paths, one service. */
export class PublicIngress extends Construct {
  /** Istio's ingress gateway. The one to take. */
  static gateway(props: {
    readonly host: string;
    readonly clusterIssuer: string;
    /** @default 'istio-ingress' */
    readonly gatewayNamespace?: string;
    /** @default { istio: 'ingressgateway' } */
    readonly gatewayLabels?: Readonly<Record<string, string>>;
    /** @default 'istio-ingressgateway' */
    readonly gatewayServiceAccount?: string;
  }): GatewayIngress {
    return {
      kind: 'gateway',
      gatewayNamespace: 'istio-ingress',
      gatewayServiceAccount: 'istio-ingressgateway',
      ...props,
      gatewayLabels: { ...(props.gatewayLabels ?? { istio: 'ingressgateway' }) },
    };
  }

  /** The same by the Gateway API, for clusters that have its definitions and a controller for the class. */
  static gatewayApi(props: {
    readonly host: string;
    readonly clusterIssuer: string;
    /** @default 'istio' */
    readonly gatewayClassName?: string;
    /** Two environments in one cluster need two names. @default 'public' */
    readonly gatewayName?: string;
    /** @default 'istio-ingress' */
    readonly gatewayNamespace?: string;
    /** Of the gateway's pods. @default the name and the class, as Istio's controller names it: 'public-istio' */
    readonly gatewayServiceAccount?: string;
  }): GatewayApiIngress {
    const { gatewayName = 'public', gatewayClassName = 'istio' } = props;
    return {
      kind: 'gateway-api',
      gatewayNamespace: 'istio-ingress',
      gatewayServiceAccount: `${gatewayName}-${gatewayClassName}`,
      ...props,
      gatewayName,
      gatewayClassName,
    };
  }

  /** ingress-nginx, for clusters that have it: upstream archived the project in 2026. */
  static nginx(props: {
    readonly host: string;
    readonly clusterIssuer: string;
    readonly requestsPerSecond: number;
    readonly connections: number;
    /** @default 'nginx' */
    readonly ingressClassName?: string;
    /** @default 'ingress-nginx' */
    readonly controllerNamespace?: string;
  }): NginxIngress {
    return {
      kind: 'nginx',
      ingressClassName: 'nginx',
      controllerNamespace: 'ingress-nginx',
      controllerLabels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
      ...props,
    };
  }

  /** No entrance, and why. */
  static none(why: string): IngressChoice {
    return { kind: 'none', why };
  }

  /** Where requests come from: network policy must let it reach the service. */
  static callerOf(ingress: IngressChoice): Peer | undefined {
    switch (ingress.kind) {
      case 'gateway':
        return podsElsewhere(ingress.gatewayNamespace, ingress.gatewayLabels);
      case 'gateway-api':
        return podsElsewhere(ingress.gatewayNamespace, {
          'gateway.networking.k8s.io/gateway-name': ingress.gatewayName,
        });
      case 'nginx':
        return podsElsewhere(ingress.controllerNamespace, ingress.controllerLabels);
      case 'none':
        return undefined;
    }
  }

  /** The objects of the chosen kind. */
  readonly entrance?: GatewayEntrance | GatewayApiEntrance | NginxEntrance;

  /** @throws {TimeBudgetError} if `timeoutMs` does not fit between the client and the route inside. */
  constructor(scope: Construct, id: string, props: PublicIngressProps) {
    super(scope, id);
    holdProps(this, ingressProps, props);
    const { ingress, requestPath, timeoutMs } = props;
    if (requestPath)
      holdChain(this.node.path, requestChain({ ...requestPath, gatewayMs: timeoutMs }, { gatewayMs: 'timeoutMs' }));
    if (ingress.kind === 'gateway') this.entrance = new GatewayEntrance(this, 'gateway', { ...props, ingress });
    if (ingress.kind === 'gateway-api') this.entrance = new GatewayApiEntrance(this, 'gateway', { ...props, ingress });
    if (ingress.kind === 'nginx') this.entrance = new NginxEntrance(this, 'nginx', { ...props, ingress });
  }
}
