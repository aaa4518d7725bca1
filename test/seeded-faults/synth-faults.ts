import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Autoscaler,
  addresses,
  Backups,
  CanaryRelease,
  LlmService,
  LlmWorker,
  Mesh,
  NetworkPolicies,
  PlatformNamespace,
  PublicIngress,
  podsOf,
  Redis,
  secretKey,
} from '../../constructs/index.js';
import { ports, queueMessagesReady, redis, requestBudget, requestPath, tasks } from '../../contract/index.js';
import {
  availability,
  clusterSum,
  counter,
  defineService,
  gauge,
  histogram,
  podQuantile,
  podRate,
  slo,
  taskTopology,
} from '../../contract/vocabulary/index.js';
import { DevWithMailSorter, mails } from '../../examples/your-own-service.js';
import { Dev, dev, manifestsOf, Production, production, Scaling, thirdPartyImages } from '../../stacks/index.js';
import { testPlatform } from '../support/cluster.js';
import {
  behavior,
  jobs,
  letters,
  mailbox,
  translationP90,
  translations,
  translationTime,
  translator,
  translatorProps,
} from '../support/own-contract.js';

/** What synthesis refuses: it throws. */
export interface SynthFault {
  readonly fault: string;
  readonly build: () => unknown;
  /** What its message names: the construct, the bad value, the fix. */
  readonly says: readonly string[];
}

const platform = testPlatform();
const chart = () => new Chart(new App({ outdir: '.' }), 'test');
const digest = `sha256:${'5f'.repeat(32)}`;

function service(own: object = {}, scope: Construct = chart()): LlmService {
  return new LlmService(scope, 'translator', { ...translatorProps, platform, replicas: 'autoscaled', ...own });
}

function autoscaler(own: object = {}, release = service().stable): Autoscaler {
  const bounds = { minReplicas: 2, maxReplicas: 9, cpuPercent: 65, memoryPercent: 75, behavior };
  return new Autoscaler(chart(), 'autoscaler', { release, ...bounds, ...own });
}

function canaryRelease(stepPercents: readonly number[], canary?: LlmService, own: object = {}): CanaryRelease {
  const mesh = testPlatform({ mesh: Mesh.sidecar({ cni: true }) });
  const stable = service({ platform: mesh });
  const release = stable.addRelease({ ...translatorProps, version: 'v2' });
  const times = { timeoutMs: 1000, idleTimeoutSeconds: 60 };
  const props = {
    service: stable,
    canary: canary?.stable ?? release,
    policy: { stepPercents: [...stepPercents] },
    ...times,
    ...own,
  };
  return new CanaryRelease(chart(), 'canary', props);
}

function entrance(own: object): PublicIngress {
  const ingress = PublicIngress.gateway({ host: 'translate.example.com', clusterIssuer: 'ca' });
  const props = { platform, service: translator, paths: ['/translate'], timeoutMs: 38_000, idleTimeoutSeconds: 60 };
  return new PublicIngress(chart(), 'entrance', { ...props, ingress, ...own });
}

function store(own: Partial<Parameters<typeof Redis.inCluster>[0]>): Redis {
  const { resources } = translatorProps;
  const choice = Redis.inCluster({
    topology: { kind: 'standalone' },
    storage: '1Gi',
    resources,
    backups: Backups.none('a test'),
    password: secretKey('redis', 'password'),
    ...own,
  });
  const { redis: image, redisExporter: exporterImage } = thirdPartyImages;
  return new Redis(chart(), 'store', {
    platform,
    spec: redis,
    choice,
    image,
    exporterImage,
    sentinelPort: ports.redisSentinel,
  });
}

function pools(taints: Readonly<Record<string, string>>) {
  return { ...platform, nodePools: { ...platform.nodePools, compute: { labels: {}, taints } } };
}

function environment(own: object): string {
  return new Production(new App({ outdir: '.' }), { ...production, ...own }).node.path;
}

/** What only the whole environment shows is refused when it is written. */
function written(own: object): unknown {
  return manifestsOf(
    class extends Production {
      constructor(scope: Construct) {
        super(scope, { ...production, ...own });
      }
    },
  );
}

class DevWithoutConsumer extends Dev {
  protected override topologies() {
    return [...super.topologies(), mails];
  }
}

class DevWithoutQueues extends DevWithMailSorter {
  protected override topologies() {
    return [tasks];
  }
}

class DevWithWrongQueue extends Dev {
  constructor(scope: Construct) {
    super(scope, { ...dev, scaling: Scaling.autoscaled({ minReplicas: 2, maxReplicas: 3 }) });
  }
  protected override services() {
    const metric = clusterSum('waiting', queueMessagesReady, { queue: 'tasks.hihg' });
    return super.services().map((plan) => (plan.consumes ? { ...plan, scaleOn: [{ metric, averageValue: 5 }] } : plan));
  }
}

export const synthFaults: readonly SynthFault[] = [
  {
    fault: 'A target in milliseconds for a metric in seconds',
    build: () => autoscaler({ targets: [{ metric: translationP90, averageValue: 500 }] }),
    says: ['test/autoscaler', '500 seconds', 'another unit'],
  },
  {
    fault: 'A target of 0, which asks for every replica',
    build: () => autoscaler({ targets: [{ metric: translationP90, averageValue: 0 }] }),
    says: ['test/autoscaler', 'target 0', 'above 0'],
  },
  {
    fault: 'A metric that the workload does not emit',
    build: () =>
      autoscaler({
        targets: [
          {
            metric: { ...translationP90, of: gauge({ name: 'heat', unit: 'ratio', help: 'Heat.' }) },
            averageValue: 1,
          },
        ],
      }),
    says: ['test/autoscaler', 'heat', 'does not emit', 'Fix'],
  },
  {
    fault: 'A metric of a store that nobody scrapes',
    build: () => autoscaler({ targets: [{ metric: letters, averageValue: 1 }] }),
    says: ['test/autoscaler', mailbox.metrics[0].name, 'nothing scraped', 'Fix'],
  },
  {
    fault: 'A floor above the ceiling',
    build: () => autoscaler({ minReplicas: 10 }),
    says: ['test/autoscaler', 'minReplicas 10', 'maxReplicas 9'],
  },
  {
    fault: 'A floor of one replica',
    build: () => autoscaler({ minReplicas: 1 }),
    says: ['test/autoscaler', 'minReplicas 1', 'at least 2'],
  },
  {
    fault: 'Two autoscalers on one workload',
    build: () => {
      const { stable } = service();
      autoscaler({}, stable);
      autoscaler({}, stable);
    },
    says: ['test/translator/v1', 'test/autoscaler', 'two autoscalers'],
  },
  {
    fault: 'A number of replicas and an autoscaler',
    build: () => autoscaler({}, service({ replicas: 3 }).stable),
    says: ['test/translator/v1', '3 replicas', "replicas: 'autoscaled'"],
  },
  {
    fault: 'Replicas are left to an autoscaler that nobody made',
    build: () => {
      const scope = chart();
      service({}, scope);
      return scope.toJson();
    },
    says: ['test/translator/v1', "'autoscaled'", 'Fix'],
  },
  {
    fault: 'A quota that the ceilings of the autoscalers exceed',
    build: () => written({ quota: { cpu: '40', memory: '100Gi', pods: 60 } }),
    says: ['production/04-services/gateway-autoscaler', '40 cores of the quota', 'Fix: fewer replicas'],
  },
  {
    fault: 'An answer that takes longer than the route to it waits',
    build: () => service({ requestPath: requestBudget, longestAnswerMs: 600_000, drainSeconds: 700 }),
    says: ['test/translator', '600 s', 'lower longestAnswerMs'],
  },
  {
    fault: 'A pod is ended before its longest answer',
    build: () => service({ requestPath: requestBudget, drainSeconds: 3 }),
    says: ['test/translator', '3 s', 'raise drainSeconds'],
  },
  {
    fault: 'A worker is ended before its longest task',
    build: () =>
      new LlmWorker(chart(), 'worker', {
        ...translatorProps,
        platform,
        drainSeconds: 5,
        consumes: { tasks: [jobs], consumerTimeoutSeconds: 1800 },
      }),
    says: ['test/worker', '20 s', 'raise drainSeconds'],
  },
  {
    fault: 'A drain longer than the broker waits for an acknowledgement',
    build: () =>
      new LlmWorker(chart(), 'worker', {
        ...translatorProps,
        platform,
        drainSeconds: 2000,
        consumes: { tasks: [jobs], consumerTimeoutSeconds: 1800 },
      }),
    says: ['test/worker', '1800 s', 'raise consumerTimeoutSeconds'],
  },
  {
    fault: 'A task’s soft limit above its hard limit',
    build: () => taskTopology({ ...jobs, weights: { only: 1 }, softLimitSeconds: 30 }),
    says: ['Topology jobs', '30 s', 'raise hardLimitSeconds'],
  },
  {
    fault: 'A result that is gone before the last retry ends',
    build: () => taskTopology({ ...jobs, weights: { only: 1 }, resultTtlSeconds: 60 }),
    says: ['Topology jobs', '60 s', 'raise resultTtlSeconds'],
  },
  {
    fault: 'A queue of weight 0, which is never served',
    build: () => taskTopology({ ...jobs, weights: { urgent: 3, later: 0 } }),
    says: ['jobs.later', 'weight 0', 'above 0'],
  },
  {
    fault: 'A queue that nobody consumes',
    build: () => new DevWithoutConsumer(new App({ outdir: '.' })),
    says: ['dev:', 'mails.inbox', 'Fix'],
  },
  {
    fault: 'A consumer of queues that the broker does not hold',
    build: () => new DevWithoutQueues(new App({ outdir: '.' })),
    says: ['mail:', 'mail-sorter', '"mails"', 'Fix'],
  },
  {
    fault: 'A metric of a queue whose name is misspelt',
    build: () => new DevWithWrongQueue(new App({ outdir: '.' })),
    says: ['dev:', '"tasks.hihg"', 'Fix'],
  },
  {
    fault: 'A canary’s share above 100 %',
    build: () => canaryRelease([5, 120]),
    says: ['test/canary', '5, 120', 'ascend to 100'],
  },
  {
    fault: 'A canary that is no release of the service',
    build: () => canaryRelease([5, 100], service()),
    says: ['test/canary', 'second release', 'Fix'],
  },
  {
    fault: 'A canary where there is no mesh to split requests',
    build: () => environment({ mesh: Mesh.none('for now') }),
    says: ['"production"', 'canary', 'Mesh.sidecar({ cni: true })'],
  },
  {
    fault: 'An image by the tag latest',
    build: () => environment({ image: { ...production.image, tag: 'latest', digest } }),
    says: ['"production"', 'image.tag', '"latest"', 'version tag'],
  },
  {
    fault: 'An image by half a digest',
    build: () => environment({ image: { ...production.image, digest: 'sha256:5f5f' } }),
    says: ['"production"', 'image.digest', '64 hex digits'],
  },
  {
    fault: 'A password in the address of a store',
    build: () => environment({ redis: { ...production.redis, url: 'rediss://:hunter2@redis.example.com' } }),
    says: ['"production"', 'redis.url', 'reference to its Secret'],
  },
  {
    fault: 'A misspelt name in an environment',
    build: () => environment({ regoin: 'eu-central-1' }),
    says: ['"production"', 'regoin', 'no known key'],
  },
  {
    fault: 'An address range that is none',
    build: () => environment({ controlPlaneCidrs: ['10.0.0.0'] }),
    says: ['"production"', 'controlPlaneCidrs.0', '"10.0.0.0"', '10.0.0.0/16'],
  },
  {
    fault: 'A service’s ceiling below its floor in the contract',
    build: () => environment({ services: { rag: { maxReplicas: 3 } } }),
    says: ['"production"', 'services.rag', 'floor of 5', 'maxReplicas'],
  },
  {
    fault: 'A connection to pods that do not run here',
    build: () =>
      new NetworkPolicies(chart(), 'policies', {
        platform,
        endpoints: [translator],
        connections: [{ from: podsOf(translator), to: podsOf({ name: 'dictionary' }), port: translator.port }],
      }),
    says: ['test/policies', '"dictionary"', 'translator'],
  },
  {
    fault: 'A value that a process’s schema refuses, past the compiler',
    build: () => service({ settings: { ...translatorProps.settings, threads: 99 } }),
    says: ['test/translator/v1', 'THREADS', '"99"', '8'],
  },
  {
    fault: 'Liveness and readiness ask the same',
    build: () =>
      defineService({ ...translator, probes: { ...translator.probes, readiness: translator.probes.liveness } }),
    says: ['Service translator', 'must differ'],
  },
  {
    fault: 'A probe’s period in milliseconds, for a service of the contract',
    build: () =>
      defineService({
        ...translator,
        probes: { ...translator.probes, liveness: { ...translator.probes.liveness, periodSeconds: 10_000 } },
      }),
    says: ['Service translator', 'periodSeconds of liveness is 10000', 'from 1 to 3600'],
  },
  {
    fault: 'An objective over no days',
    build: () => {
      const indicator = availability(translations, { language: 'de' });
      return slo({ name: 'german', of: translator, indicator, objective: 0.99, windowDays: Number.NaN });
    },
    says: ['windowDays NaN', 'from 1 to 366'],
  },
  {
    fault: 'A gauge in milliseconds by its name',
    build: () => gauge({ name: 'translation_wait_ms', unit: 'seconds', help: 'Wait.' }),
    says: ['"translation_wait_ms"', 'another unit than seconds'],
  },
  {
    fault: 'A cache by the address of a database',
    build: () => {
      const { password } = production.redis;
      const url = 'postgres://db.example.com';
      return environment({ redis: Redis.managed({ url, cidrs: ['10.9.0.0/16'], password }) });
    },
    says: ['redis.url: "postgres://db.example.com"', 'redis:// or rediss://'],
  },
  {
    fault: 'Five hundred cores for thousandths of one',
    build: () => environment({ resources: { ...production.resources, cpu: { request: '500', limit: '1000' } } }),
    says: ['resources.cpu.request: "500"', 'such as 500m'],
  },
  {
    fault: 'Two services of one name',
    build: () =>
      manifestsOf(
        class extends Production {
          protected override services() {
            return [...super.services(), ...super.services().slice(0, 1)];
          }
        },
      ),
    says: ['"gateway" is the name of another service', 'Fix: '],
  },
  {
    fault: 'Two retries after the same time',
    build: () => taskTopology({ ...jobs, weights: { all: 1 }, retryDelaysSeconds: [60, 60] }),
    says: ['the retry delay 60 s is there twice'],
  },
  {
    fault: 'An objective on a label that its metric has not',
    build: () => availability(translations, { code: '~5..' }),
    says: ['has no label "code"', 'it has '],
  },
  {
    fault: 'A backlog of a label that its gauge has not',
    build: () => clusterSum('waiting', queueMessagesReady, { queue_name: 'tasks.high' }),
    says: ['"queue_name"', 'it has queue, vhost'],
  },
  {
    fault: 'A probe’s path without its slash',
    build: () =>
      defineService({
        ...translator,
        probes: { ...translator.probes, liveness: { ...translator.probes.liveness, path: 'alive' } },
      }),
    says: ['Service translator', '"alive"', 'begin with a slash'],
  },
  {
    fault: 'A port that only root may listen on',
    build: () => defineService({ ...translator, port: 80 }),
    says: ['Service translator', 'port 80', '1024 to 65535'],
  },
  {
    fault: 'A name that Kubernetes does not accept',
    build: () => defineService({ ...translator, name: 'Translator_1' }),
    says: ['"Translator_1"', 'lower case letters'],
  },
  {
    fault: 'A counter without its suffix',
    build: () => counter({ name: 'translations', unit: 'events', help: 'Texts.' }),
    says: ['"translations"', '_total'],
  },
  {
    fault: 'A histogram in milliseconds by its name',
    build: () => histogram({ name: 'delay_ms', unit: 'seconds', help: 'Delay.', buckets: [1, 10] }),
    says: ['"delay_ms"', '_seconds'],
  },
  {
    fault: 'Buckets that do not ascend',
    build: () => histogram({ name: 'delay_seconds', unit: 'seconds', help: 'Delay.', buckets: [1, 10, 5] }),
    says: ['"delay_seconds"', '1, 10, 5', 'must ascend'],
  },
  {
    fault: 'An image by the tag latest, given to a single construct',
    build: () => service({ image: { ...translatorProps.image, tag: 'latest' } }),
    says: ['test/translator/v1', 'image.tag', '"latest"', 'version tag'],
  },
  {
    fault: 'No replicas at all',
    build: () => service({ replicas: 0 }),
    says: ['test/translator/v1', 'replicas: 0', '1 or more'],
  },
  {
    fault: 'A drain in milliseconds',
    build: () => service({ drainSeconds: 30_000 }),
    says: ['test/translator', 'drainSeconds: 30000', 'milliseconds'],
  },
  {
    fault: 'More memory requested than may be taken',
    build: () => service({ resources: { ...translatorProps.resources, memory: { request: '2Gi', limit: '1Gi' } } }),
    says: ['test/translator/v1', 'resources.memory', '"2Gi"', 'lower request'],
  },
  {
    fault: 'A version that is no label',
    build: () => service({ version: 'Release 1' }),
    says: ['version: "Release 1"', 'lower case letters', 'v1'],
  },
  {
    fault: 'A Secret by a name that Kubernetes refuses',
    build: () => service({ settings: { languages: ['de'], apiKey: { secret: 'Dictionary_X', key: 'key' } } }),
    says: ['test/translator/v1', 'API_KEY', '"Dictionary_X"', 'lower case letters'],
  },
  {
    fault: 'Affinity to a pod for longer than Kubernetes remembers',
    build: () => service({ clientAffinitySeconds: 600_000 }),
    says: ['test/translator', 'clientAffinitySeconds: 600000', '86400'],
  },
  {
    fault: 'Utilisation as a ratio',
    build: () => autoscaler({ cpuPercent: 0.65 }),
    says: ['test/autoscaler', 'cpuPercent: 0.65', 'whole percentage'],
  },
  {
    fault: 'A utilisation that the limit does not let be reached',
    build: () => autoscaler({ memoryPercent: 650 }),
    says: ['test/autoscaler', 'memoryPercent 650', '400 %', 'Fix'],
  },
  {
    fault: 'A stabilisation window in milliseconds',
    build: () =>
      autoscaler({ behavior: { ...behavior, scaleDown: { ...behavior.scaleDown, stabilizationSeconds: 300_000 } } }),
    says: ['test/autoscaler', 'behavior.scaleDown.stabilizationSeconds: 300000', '3600'],
  },
  {
    fault: 'One metric as two targets',
    build: () => {
      const target = { metric: translationP90, averageValue: 1 };
      return autoscaler({ targets: [target, { ...target, averageValue: 2 }] });
    },
    says: ['test/autoscaler', 'translation_seconds_p90', 'twice', 'Fix'],
  },
  {
    fault: 'A route’s timeout in seconds',
    build: () => canaryRelease([100], undefined, { timeoutMs: 38 }),
    says: ['test/canary', 'timeoutMs: 38', 'seconds'],
  },
  {
    fault: 'A header whose name is none',
    build: () => canaryRelease([100], undefined, { betaHeader: { name: 'x beta', value: 'yes' } }),
    says: ['test/canary', 'betaHeader.name', '"x beta"', 'x-beta'],
  },
  {
    fault: 'A path of the entrance without its slash',
    build: () => entrance({ paths: ['translate'] }),
    says: ['test/entrance', 'paths.0', '"translate"', 'slash'],
  },
  {
    fault: 'A connection that stays open on a path that is not let through',
    build: () => entrance({ webSocketPaths: ['/ws'] }),
    says: ['test/entrance', 'webSocketPaths', '"/ws"', 'among paths'],
  },
  {
    fault: 'A host with its scheme',
    build: () => entrance({ ingress: PublicIngress.gateway({ host: 'https://a.example.com', clusterIssuer: 'ca' }) }),
    says: ['test/entrance', 'ingress.host', '"https://a.example.com"', 'host name'],
  },
  {
    fault: 'A range of no addresses in a flow',
    build: () =>
      new NetworkPolicies(chart(), 'policies', {
        platform,
        endpoints: [translator],
        connections: [{ from: podsOf(translator), to: addresses(['10.0.0.7']), port: 443 }],
      }),
    says: ['test/policies', 'connections.0.to.cidrs.0', '"10.0.0.7"', '10.0.0.0/16'],
  },
  {
    fault: 'Storage in decimal units',
    build: () => store({ storage: '10GB' as '10Gi' }),
    says: ['test/store', 'choice.storage', '"10GB"', '10Gi'],
  },
  {
    fault: 'A backup at a time that no day has',
    build: () => store({ backups: Backups.daily({ at: '25:00', keepDays: 7 }) }),
    says: ['test/store', 'choice.backups.at', '"25:00"', '02:30'],
  },
  {
    fault: 'Two sentinels, which have no majority',
    build: () => store({ topology: { kind: 'sentinel', replicas: 2 as 3 } }),
    says: ['test/store', 'choice.topology.replicas', '2', '3 or 5'],
  },
  {
    fault: 'A platform in Kubernetes’ own namespace',
    build: () => environment({ namespace: 'kube-system' }),
    says: ['"production"', 'namespace', '"kube-system"', 'own'],
  },
  {
    fault: 'A taint with its value and effect for a key',
    build: () => new PlatformNamespace(chart(), 'namespace', pools({ 'pool=compute:NoSchedule': '' })),
    says: ['test/namespace', 'nodePools.compute.taints', 'pool=compute:NoSchedule', 'without value and effect'],
  },
  {
    fault: 'A control plane at every address',
    build: () => environment({ controlPlaneCidrs: ['0.0.0.0/0'] }),
    says: ['"production"', 'controlPlaneCidrs.0', '"0.0.0.0/0"', 'ranges of the API servers'],
  },
  {
    fault: 'A budget of a request in seconds',
    build: () => requestPath({ clientMs: 40, hopMs: 2, serviceCallMs: 10 }),
    says: ['request budget', 'clientMs 40', 'in seconds'],
  },
  {
    fault: 'A quantile in percent for a metric',
    build: () => podQuantile(translationTime, 99, 60),
    says: ['translation_seconds', '99', '0.99'],
  },
  {
    fault: 'A rate over no time',
    build: () => podRate(translations, 0),
    says: ['translations_total', 'window 0', 'above 0'],
  },
  {
    fault: 'Messages without a bound on those in hand',
    build: () => taskTopology({ ...jobs, weights: { only: 1 }, prefetch: 0 }),
    says: ['Topology jobs', 'prefetch 0', '1 or more'],
  },
  {
    fault: 'One variable for two settings',
    build: () =>
      defineService({ ...translator, settings: { ...translator.settings, more: translator.settings.threads } }),
    says: ['Service translator', 'THREADS', 'twice'],
  },
  {
    fault: 'A label that Prometheus itself sets',
    build: () => counter({ name: 'texts_total', unit: 'events', help: 'Texts.', labels: ['pod'] }),
    says: ['texts_total', '"pod"', 'none of'],
  },
];
