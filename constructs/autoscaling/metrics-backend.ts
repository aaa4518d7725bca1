import * as z from 'zod';

const serviceName = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be the name of a Service');

/** Who hands Prometheus's numbers to the autoscalers. */
export const metricsBackend = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('prometheus-adapter') }),
  z.strictObject({
    kind: z.literal('keda'),
    /** Where KEDA runs. */
    namespace: serviceName,
    /** Service of its operator, and value of the label `app` of the pods behind it. */
    operator: serviceName,
    /** The same of its metrics API server. */
    metricsServer: serviceName,
  }),
]);
export type MetricsBackend = Readonly<z.infer<typeof metricsBackend>>;
export type KedaBackend = Extract<MetricsBackend, { kind: 'keda' }>;

/** The two ways (docs/how-to/autoscaling.md says what each can do). */
export const MetricsBackend = {
  /** The kit's own prometheus-adapter, and HorizontalPodAutoscalers that read the metrics APIs. */
  prometheusAdapter(): MetricsBackend {
    return { kind: 'prometheus-adapter' };
  },

  /**
   * KEDA 2.17 or later, which the cluster has already, and ScaledObjects. Its operator and its metrics API server must show their own
   * metrics on port 8080, as KEDA's manifests have it.
   */
  keda(own: Partial<Omit<KedaBackend, 'kind'>> = {}): MetricsBackend {
    return {
      kind: 'keda',
      namespace: 'keda',
      operator: 'keda-operator',
      metricsServer: 'keda-metrics-apiserver',
      ...own,
    };
  },
} as const;
