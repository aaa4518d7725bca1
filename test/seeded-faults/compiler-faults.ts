/** What the TypeScript compiler refuses. */
export interface CompilerFault {
  readonly fault: string;
  /** A statement with {@link PREAMBLE} before it. */
  readonly code: string;
  /** What its message names: where, the bad value, what is allowed. */
  readonly says: readonly string[];
}

/** What the statements may use; the translator is the service of test/support/own-contract.ts. */
export const PREAMBLE = `
import type { Chart } from 'cdk8s';
import { Autoscaler, LlmService, Mesh, type PlatformContext, type Release } from '../../constructs/index.js';
import { counter, defineService, gauge, podQuantile, taskTopology } from '../../contract/vocabulary/index.js';
import { behavior, jobs, translationP90, translations, translator, translatorProps } from '../support/own-contract.js';
declare const chart: Chart, platform: PlatformContext, release: Release;
const props = { ...translatorProps, platform };
const bounds = { release, minReplicas: 2, maxReplicas: 9, cpuPercent: 70, memoryPercent: 80 };
void [Autoscaler, LlmService, Mesh, counter, defineService, gauge, podQuantile, taskTopology];
void [behavior, jobs, translationP90, translations, translator, chart, props, bounds];
`;

export const compilerFaults: readonly CompilerFault[] = [
  {
    fault: 'A setting without a default is missing',
    code: `new LlmService(chart, 'translator', { ...props, settings: { languages: ['de'] } });`,
    says: ['apiKey', 'missing'],
  },
  {
    fault: 'A setting is misspelt',
    code: `const key = { secret: 'dictionary', key: 'api-key' };
new LlmService(chart, 'translator', { ...props, spec: translator, settings: { languages: ['de'], apiKey: key, toen: 'warm' } });`,
    says: ['toen', 'tone'],
  },
  {
    fault: 'A setting has a value that the process would refuse at start',
    code: `const key = { secret: 'dictionary', key: 'api-key' };
new LlmService(chart, 'translator', { ...props, settings: { languages: ['de'], apiKey: key, tone: 'hot' } });`,
    says: ['"hot"', '"warm" | "cold"'],
  },
  {
    fault: 'A secret is given by its value',
    code: `new LlmService(chart, 'translator', { ...props, settings: { languages: ['de'], apiKey: 'sk-4711' } });`,
    says: ['string', 'secret', 'key'],
  },
  {
    fault: 'A probe is written by hand, to a path that the process does not serve',
    code: `new LlmService(chart, 'translator', { ...props, probes: { liveness: { path: '/healthz' } } });`,
    says: ['probes', 'LlmServiceProps'],
  },
  {
    fault: 'A container is to be privileged',
    code: `new LlmService(chart, 'translator', { ...props, privileged: true });`,
    says: ['privileged', 'LlmServiceProps'],
  },
  {
    fault: 'Memory is in a unit that Kubernetes does not have',
    code: `new LlmService(chart, 'translator', { ...props, resources: { ...props.resources, memory: { request: '512MB', limit: '1Gi' } } });`,
    says: ['"512MB"', 'Mi', 'Gi'],
  },
  {
    fault: 'A number of replicas is neither stated nor left to an autoscaler',
    code: `new LlmService(chart, 'translator', { ...props, replicas: 'auto' });`,
    says: ['"auto"', '"autoscaled"'],
  },
  {
    fault: 'An autoscaler’s metric is misnamed',
    code: `new Autoscaler(chart, 'autoscaler', { ...bounds, behavior, targets: [{ metric: 'translation_secs_p90', averageValue: 1 }] });`,
    says: ['string', 'ScalingMetric'],
  },
  {
    fault: 'An autoscaler does not say how fast',
    code: `new Autoscaler(chart, 'autoscaler', { ...bounds });`,
    says: ['behavior', 'missing'],
  },
  {
    fault: 'A metric is in milliseconds',
    code: `gauge({ name: 'delay', unit: 'milliseconds', help: 'Delay.' });`,
    says: ['"milliseconds"', 'MetricUnit'],
  },
  {
    fault: 'A quantile is taken of a counter',
    code: `podQuantile(translations, 0.9, 60);`,
    says: ['Counter', 'Histogram'],
  },
  {
    fault: 'A service is placed on nodes of a kind that there is not',
    code: `defineService({ ...translator, placement: 'gpu' });`,
    says: ['"gpu"', '"compute"'],
  },
  {
    fault: 'A sidecar mesh without its CNI plugin, which Pod Security refuses',
    code: `Mesh.sidecar({ cni: false });`,
    says: ['false', 'true'],
  },
  {
    fault: 'There is to be no mesh, and nobody says why',
    code: `Mesh.none();`,
    says: ['Expected 1 arguments', 'why'],
  },
];
