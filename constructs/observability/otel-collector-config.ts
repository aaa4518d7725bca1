import type { StoreSpec } from '../../contract/vocabulary/index.js';
import { secretPath } from '../workload/secret-ref.js';
import type { CollectorChoice } from './tracing-choice.js';

export interface CollectorPorts {
  readonly spec: StoreSpec;
  /** Port of its health page. */
  readonly healthPort: number;
}

/**
 * The collector's configuration: takes OTLP over HTTP, keeps within its memory, sends in batches, tries again by its own defaults.
 * @see https://opentelemetry.io/docs/collector/configuration/
 */
export function otelCollectorConfig(
  { spec, healthPort }: CollectorPorts,
  { endpoint, token }: CollectorChoice,
): object {
  const everywhere = (port: number | undefined) => `0.0.0.0:${port}`;
  const auth = token && { 'bearertokenauth/backend': { filename: secretPath(token) } };
  return {
    extensions: { health_check: { endpoint: everywhere(healthPort) }, ...auth },
    receivers: { otlp: { protocols: { http: { endpoint: everywhere(spec.port) } } } },
    // In this order: what does not fit is turned away before anything is done with it.
    processors: {
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 25 },
      batch: {},
    },
    exporters: { otlphttp: { endpoint, ...(auth && { auth: { authenticator: 'bearertokenauth/backend' } }) } },
    service: {
      extensions: ['health_check', ...Object.keys(auth ?? {})],
      pipelines: {
        traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['otlphttp'] },
      },
      telemetry: {
        metrics: {
          readers: [
            {
              pull: {
                exporter: {
                  prometheus: {
                    host: '0.0.0.0',
                    port: spec.metricsPort,
                    // Counters end in _total, as everywhere else.
                    without_type_suffix: false,
                    without_units: true,
                    without_scope_info: true,
                  },
                },
              },
            },
          ],
        },
      },
    },
  };
}
