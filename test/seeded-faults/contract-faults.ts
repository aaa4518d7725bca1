import { queueMessagesReady, requestPath } from '../../contract/index.js';
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
import { jobs, translations, translationTime, translator } from '../support/own-contract.js';
import type { SynthFault } from './synth-fault.js';

/** What services, metrics, queues and objectives say of themselves, which the contract itself refuses. */
export const contractFaults: readonly SynthFault[] = [
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
    fault: 'Two retries after the same time',
    build: () => taskTopology({ ...jobs, weights: { all: 1 }, retryDelaysSeconds: [60, 60] }),
    says: ['the retry delay 60 s is there twice'],
  },
  {
    fault: 'Retries that come sooner and sooner',
    build: () => taskTopology({ ...jobs, weights: { all: 1 }, retryDelaysSeconds: [240, 60] }),
    says: ['the retry delay 60 s comes after 240 s', 'ascend'],
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
