import type { ApiObject } from 'cdk8s';
import { type k8s, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { StoreSpec } from '../../contract/vocabulary/index.js';
import { objectMeta, type PlatformContext } from '../platform-context.js';
import type { ImageRef } from '../workload/image.js';
import { namespacedRole } from '../workload/namespaced-role.js';
import { httpProbe } from '../workload/probe.js';
import type { Resources } from '../workload/quantity.js';
import { replicatedPods } from '../workload/replicated-pods.js';
import { restrictedPod } from '../workload/restricted-pod.js';
import { type ScrapeTarget, storeTarget } from './scrape-target.js';

export interface KubeStateMetricsProps {
  readonly platform: PlatformContext;
  readonly spec: StoreSpec;
  readonly image: ImageRef;
  /** Port on which it tells of itself. */
  readonly ownPort: number;
}

const RESOURCES: Resources = {
  cpu: { request: '20m', limit: '200m' },
  memory: { request: '64Mi', limit: '256Mi' },
  ephemeralStorage: '64Mi',
};

/** Tells Prometheus what Kubernetes knows of the namespace's CronJobs: no job lives long enough to be asked itself. It may list those and nothing else. */
export class KubeStateMetrics extends Construct {
  readonly spec: StoreSpec;
  readonly scrapeTarget?: ScrapeTarget;
  readonly serviceAccount: ServiceAccount;
  readonly deployment: ApiObject;

  constructor(scope: Construct, id: string, props: KubeStateMetricsProps) {
    super(scope, id);
    const { platform, spec } = props;
    const metadata = objectMeta(platform, spec);
    this.spec = spec;
    const target = storeTarget(spec);
    if (target) this.scrapeTarget = target;
    this.serviceAccount = new ServiceAccount(this, 'service-account', { metadata, automountToken: false });
    namespacedRole(this, platform, spec, [{ apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['list', 'watch'] }]);
    const template = pod(props);
    this.deployment = replicatedPods(this, { platform, spec, replicas: 2, template }).deployment;
  }
}

function pod({ platform, spec, image, ownPort }: KubeStateMetricsProps): k8s.PodTemplateSpec {
  const period = { initialDelaySeconds: 5, periodSeconds: 10 };
  return restrictedPod({
    platform,
    name: spec.name,
    placement: 'general',
    priority: 'serving',
    meshRole: 'outsider',
    apiToken: true,
    terminationGraceSeconds: 30,
    containers: [
      {
        name: spec.name,
        image,
        resources: RESOURCES,
        args: [
          `--port=${spec.port}`,
          `--telemetry-port=${ownPort}`,
          `--namespaces=${platform.namespace}`,
          '--resources=cronjobs',
        ],
        ports: { http: spec.port, own: ownPort },
        probes: {
          livenessProbe: httpProbe({ path: '/healthz', ...period }, 'http'),
          readinessProbe: httpProbe({ path: '/readyz', ...period }, 'own'),
        },
      },
    ],
  });
}
