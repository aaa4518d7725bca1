import * as z from 'zod';
import { byteQuantity, resources } from '../workload/quantity.js';

/** Sizes of a Prometheus of the platform's own. */
export const prometheusSize = z.strictObject({
  storage: byteQuantity,
  retentionDays: z.int().min(1).max(400),
  resources,
});
export type PrometheusSize = Readonly<z.infer<typeof prometheusSize>>;

const labels = z.record(z.string().min(1), z.string());

/** Whose Prometheus scrapes the platform and evaluates its rules. */
export const monitoringChoice = z.discriminatedUnion('kind', [
  prometheusSize.extend({ kind: z.literal('own') }),
  z.strictObject({
    kind: z.literal('operator'),
    /** Labels by which its Prometheus selects monitors and rules, such as `release: kube-prometheus-stack`. */
    labels,
    /** Address of that Prometheus: autoscalers, dashboards and the canary controller ask it. */
    url: z.url({
      protocol: /^https?$/,
      error: 'must be the address of a Prometheus, http:// or https://',
    }),
    /** Where it runs. */
    namespace: z.string().min(1),
    /** Labels of its pods. */
    podLabels: labels,
    /** Its identity, which a mesh lets in. */
    serviceAccount: z.string().min(1),
    /**
     * Folder of its pods with a certificate of the mesh, as Istio's documentation of Prometheus has it. A mesh of sidecars cannot do
     * without. @default none
     */
    meshCertificates: z.string().startsWith('/', 'must be a folder, such as /etc/prom-certs').optional(),
  }),
]);
export type MonitoringChoice = Readonly<z.infer<typeof monitoringChoice>>;
export type OperatorChoice = Extract<MonitoringChoice, { kind: 'operator' }>;
type Own = Extract<MonitoringChoice, { kind: 'own' }>;

/** The two ways. */
export const Monitoring = {
  /** A Prometheus of the platform's own: nothing must be installed first. */
  own(size: PrometheusSize): Own {
    return { kind: 'own', ...size };
  },

  /** One of the Prometheus operator's (0.85 or later), which the cluster has already: it gets monitors and rules as objects. */
  operator(
    props: Omit<OperatorChoice, 'kind' | 'podLabels'> & Partial<Pick<OperatorChoice, 'podLabels'>>,
  ): OperatorChoice {
    // The operator gives every pod of a Prometheus this label.
    return { kind: 'operator', podLabels: { 'app.kubernetes.io/name': 'prometheus' }, ...props };
  },
} as const;
