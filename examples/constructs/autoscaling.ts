import {
  Autoscaler,
  LlmService,
  PlatformNamespace,
  Prometheus,
  PrometheusAdapter,
  type ScalingBehavior,
  serviceTarget,
} from 'armature/constructs';
import { metricsAdapter, podQuantile, prometheus, SCRAPE_INTERVAL_SECONDS, serviceRate } from 'armature/contract';
import { thirdPartyImages } from 'armature/stacks';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { resources, team, translatorProps } from './team.js';
import { translations, translationTime, translator } from './translator.js';

export const behavior: ScalingBehavior = {
  scaleUp: { stabilizationSeconds: 0, percent: 100, pods: 4, periodSeconds: 15, select: 'Max' },
  scaleDown: { stabilizationSeconds: 300, percent: 20, pods: 1, periodSeconds: 60, select: 'Min' },
};
const windowSeconds = 120;

/** A service that scales on metrics of its own, and who measures and serves them. */
export class Autoscaling extends Chart {
  constructor(scope: Construct) {
    super(scope, 'autoscaling');
    const platform = new PlatformNamespace(this, 'namespace', team);
    const { stable } = new LlmService(this, 'translator', { ...translatorProps, platform, replicas: 'autoscaled' });
    const autoscaler = new Autoscaler(this, 'autoscaler', {
      release: stable,
      minReplicas: 2,
      maxReplicas: 12,
      cpuPercent: 70,
      memoryPercent: 80,
      behavior,
      targets: [
        { metric: podQuantile(translationTime, 0.9, windowSeconds), averageValue: 0.5 },
        { metric: serviceRate(translations, translator, windowSeconds), averageValue: 20, onMetricLoss: 'ceiling' },
      ],
    });
    const measured = new Prometheus(this, 'prometheus', {
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
    new PrometheusAdapter(this, 'adapter', {
      platform,
      spec: metricsAdapter,
      image: thirdPartyImages.prometheusAdapter,
      prometheus: measured,
    });
  }
}
