import * as z from 'zod';

const host = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a host name, such as llm.example.com');
const labels = z.record(z.string(), z.string());

const clusterIssuer = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'must be the name of a ClusterIssuer, such as letsencrypt');

/** How requests from outside reach the platform. */
export const ingressChoice = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('gateway'),
    host,
    /** cert-manager's ClusterIssuer that signs the certificate. */
    clusterIssuer,
    /** Where Istio's ingress gateway runs; the certificate's Secret must stand beside it. */
    gatewayNamespace: z.string().min(1),
    gatewayLabels: labels,
    gatewayServiceAccount: z.string().min(1),
  }),
  z.strictObject({
    kind: z.literal('gateway-api'),
    host,
    clusterIssuer,
    gatewayClassName: z.string().min(1),
    gatewayName: z.string().min(1),
    /** Where the Gateway stands, its controller runs its pods, and the certificate's Secret must be. */
    gatewayNamespace: z.string().min(1),
    gatewayServiceAccount: z.string().min(1),
  }),
  z.strictObject({
    kind: z.literal('nginx'),
    host,
    clusterIssuer,
    ingressClassName: z.string().min(1),
    controllerNamespace: z.string().min(1),
    controllerLabels: labels,
    /** Requests per second that one address may send. */
    requestsPerSecond: z.int().min(1),
    /** Connections that one address may hold open. */
    connections: z.int().min(1),
  }),
  z.strictObject({ kind: z.literal('none'), why: z.string().min(1, 'must say why there is no entrance') }),
]);
export type IngressChoice = Readonly<z.infer<typeof ingressChoice>>;
export type GatewayIngress = Extract<IngressChoice, { kind: 'gateway' }>;
export type GatewayApiIngress = Extract<IngressChoice, { kind: 'gateway-api' }>;
export type NginxIngress = Extract<IngressChoice, { kind: 'nginx' }>;
