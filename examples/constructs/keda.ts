import { Autoscaler, LlmService, PlatformNamespace, Prometheus, serviceTarget } from 'armature/constructs';
import { podQuantile, prometheus, SCRAPE_INTERVAL_SECONDS } from 'armature/contract';
import { thirdPartyImages } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { behavior } from './autoscaling.js';
import { resources, team, translatorProps } from './team.js';
import { translationTime, translator } from './translator.js';

/** A service that KEDA scales, which the cluster has already: the same targets as through the adapter, by a ScaledObject. */
export class ScaledByKeda extends Chart {
  constructor(scope: Construct) {
    super(scope, 'keda');
    const platform = new PlatformNamespace(this, 'namespace', team);
    const { stable } = new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 'autoscaled' });
    const autoscaler = new Autoscaler(this, 'autoscaler', {
      release: stable,
      minReplicas: 2,
      maxReplicas: 12,
      cpuPercent: 70,
      memoryPercent: 80,
      behavior,
      targets: [{ metric: podQuantile(translationTime, 0.9, 120), averageValue: 0.5, onMetricLoss: 'floor' }],
      // KEDA asks from a namespace of its own.
      keda: { prometheusUrl: `http://${prometheus.name}.${platform.namespace}.svc:${prometheus.port}` },
    });
    new Prometheus(this, 'prometheus', {
      platform,
      spec: prometheus,
      image: thirdPartyImages.prometheus,
      size: { storage: '10Gi', retentionDays: 7, resources },
      intervalSeconds: SCRAPE_INTERVAL_SECONDS,
      targets: [serviceTarget(translator)],
      recorded: autoscaler.recorded,
      alerts: [],
      runbooks: 'https://runbooks.example.com',
    });
  }
}
