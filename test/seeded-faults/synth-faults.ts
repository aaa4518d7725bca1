import { App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Autoscaler,
  CanaryRelease,
  LlmService,
  LlmWorker,
  Mesh,
  NetworkPolicies,
  podsOf,
} from '../../constructs/index.js';
import { queueMessagesReady, requestBudget, tasks } from '../../contract/index.js';
import { clusterSum, counter, defineService, gauge, histogram, taskTopology } from '../../contract/vocabulary/index.js';
import { DevWithMailSorter, mails } from '../../examples/your-own-service.js';
import { Dev, dev, manifestsOf, Production, production, Scaling } from '../../stacks/index.js';
import { testPlatform } from '../support/cluster.js';
import {
  behavior,
  jobs,
  letters,
  mailbox,
  translationP90,
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

function canaryRelease(stepPercents: number[], canary?: LlmService): CanaryRelease {
  const mesh = testPlatform({ mesh: Mesh.sidecar({ cni: true }) });
  const stable = service({ platform: mesh });
  const release = stable.addRelease({ ...translatorProps, version: 'v2' });
  const times = { timeoutMs: 1000, idleTimeoutSeconds: 60 };
  const props = { service: stable, canary: canary?.stable ?? release, policy: { stepPercents }, ...times };
  return new CanaryRelease(chart(), 'canary', props);
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
];
