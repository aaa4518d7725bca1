import { JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import { load } from 'js-yaml';
import { Backups, Mesh, Prometheus, PublicIngress, patch, yamlOf } from '../../constructs/index.js';
import { MESH_CERTIFICATES } from '../../constructs/mesh-mode.js';
import { Dev, dev, type EnvironmentConfigInput, local, Scaling, smallStore } from '../../stacks/index.js';
import { images, next, released } from './stand-ins.js';

/** Never fewer pods of a process, and never more workers. */
export const FLOOR = 2;
export const CEILING = 5;

const own = {
  backups: Backups.none('the cluster ends with the test'),
  resources: { ...smallStore, cpu: { request: '50m', limit: '1' } },
} as const;

/** At all ceilings together the pods fit two processors. */
const resources = { ...local.resources, cpu: { request: '40m', limit: '1' } } as const;

/** What every environment of the test has, for a cluster of one small node that is thrown away. */
export const disposable = {
  ...dev,
  image: released,
  thirdPartyImages: images,
  // Where the API server of such a cluster can stand.
  controlPlaneCidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ingress: PublicIngress.none('the test reaches the gateway’s Service'),
  resources,
  redis: { ...local.redis, ...own },
  postgres: { ...local.postgres, ...own },
  objectStore: { ...local.objectStore, ...own },
  rabbitmq: { ...local.rabbitmq, ...own },
  qdrant: { ...local.qdrant, ...own },
  monitoring: local.monitoring,
  providerKeys: {},
} as const satisfies EnvironmentConfigInput;

/** As many pods as a small node bears; only the workers and those of chat may become more. */
const fixed = { maxReplicas: FLOOR } as const;

/** `dev` with two of every process, autoscalers that take small steps and wait for no calm minutes, and releases of chat that are tried at 5 % first. */
const config = {
  ...disposable,
  name: 'cluster-test',
  namespace: 'cluster-test',
  // Its objects, that is: nobody puts proxies beside the pods.
  mesh: Mesh.sidecar({ cni: true }),
  scaling: Scaling.autoscaled({
    minReplicas: FLOOR,
    maxReplicas: CEILING,
    behavior: {
      scaleUp: { stabilizationSeconds: 0, percent: 50, pods: 1, periodSeconds: 10, select: 'Max' },
      scaleDown: { stabilizationSeconds: 15, percent: 50, pods: 1, periodSeconds: 10, select: 'Min' },
    },
  }),
  services: {
    ...{ gateway: fixed, rag: fixed, agent: fixed, memory: fixed, orchestrator: fixed },
    // It hands messages on, so that whatever a small machine can ask of it is little of a processor's time.
    chat: { maxReplicas: 4, resources: { ...resources, cpu: { request: '20m', limit: '1' } } },
  },
  canary: {
    service: 'chat',
    image: released,
    policy: {
      stepPercents: [5, 100],
      stepSeconds: 10,
      checkSeconds: 5,
      minRequestsPerStep: 50,
      harmfulMultiple: 10,
      falsePromotionRate: 0.05,
      // New processes on busy processors are slower than old ones for a while, whatever is in them.
      maxLatencyRatio: 20,
      baseline: { quantile: 0.99, windowSeconds: 60, minRequests: 20 },
    },
  },
} as const satisfies EnvironmentConfigInput;

export class ClusterTest extends Dev {
  constructor(scope: Construct, variant: EnvironmentConfigInput = config) {
    super(scope, variant);
    if (this.monitoring instanceof Prometheus) scrapeWithoutProxies(this.monitoring);
  }
}

/** The same with another image in the second slot of chat. */
export class ClusterTestReleasing extends ClusterTest {
  constructor(scope: Construct) {
    super(scope, { ...config, canary: { ...config.canary, image: next } });
  }
}

/** No proxy stands beside the pods, to give Prometheus a certificate or to ask for one. */
function scrapeWithoutProxies({ configMap }: Prometheus): void {
  const file = 'prometheus.yaml';
  const { scrape_configs: jobs, ...others } = load(configMap.data[file] ?? '') as { scrape_configs: object[] };
  const plain = jobs.map((job) =>
    JSON.stringify(job).includes(MESH_CERTIFICATES.path) ? { ...job, scheme: undefined, tls_config: undefined } : job,
  );
  patch(configMap, JsonPatch.replace(`/data/${file}`, yamlOf({ ...others, scrape_configs: plain })));
}
