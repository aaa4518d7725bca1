import { Alertmanager, Dashboards, Monitoring, Tracing } from '../../constructs/index.js';
import { secrets } from '../secret-names.js';
import { largeStore, smallStore } from '../sizes.js';

/** What is measured, who is told, what people look at, and where traces go. */
export const productionObservability = {
  monitoring: Monitoring.own({ storage: '50Gi', retentionDays: 15, resources: largeStore }),
  alerting: Alertmanager.inCluster({
    storage: '1Gi',
    resources: smallStore,
    receivers: { critical: { url: secrets.alertReceivers.critical }, warning: { url: secrets.alertReceivers.warning } },
  }),
  dashboards: Dashboards.grafana({ resources: smallStore, ...secrets.grafana }),
  tracing: Tracing.collector({
    endpoint: 'https://otlp.example.com',
    token: secrets.tracing.token,
    samplingRatio: 0.1,
    resources: smallStore,
  }),
} as const;
