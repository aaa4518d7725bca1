import { Autoscaler, LlmWorker } from '../../constructs/index.js';
import { requestBudget } from '../../contract/index.js';
import { gauge } from '../../contract/vocabulary/index.js';
import { behavior, jobs, letters, mailbox, translationP90, translatorProps } from '../support/own-contract.js';
import { chart, platform, service } from './own-service.js';
import type { SynthFault } from './synth-fault.js';

function autoscaler(own: object = {}, release = service().stable): Autoscaler {
  const bounds = { minReplicas: 2, maxReplicas: 9, cpuPercent: 65, memoryPercent: 75, behavior };
  return new Autoscaler(chart(), 'autoscaler', { release, ...bounds, ...own });
}

/** Services, workers and their autoscalers. */
export const workloadFaults: readonly SynthFault[] = [
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
    fault: 'A value that a process’s schema refuses, past the compiler',
    build: () => service({ settings: { ...translatorProps.settings, threads: 99 } }),
    says: ['test/translator/v1', 'THREADS', '"99"', '8'],
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
];
