/** What the application reads from the contract and what the cluster is made of are the same, in every environment. */
import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { load as parse } from 'js-yaml';
import {
  backups,
  flows,
  isExternal,
  METRICS_PATH,
  metricsAdapter,
  type ServiceSpec,
  type SettingsShape,
  selectorLabels,
  services,
  tasks,
  workQueueNames,
} from '../contract/index.js';
import { at, find, type Manifest } from '../test/support/cluster.js';
import { type EnvironmentName, environments } from './environments/index.js';
import type { PlatformStack } from './platform-stack.js';

function build(name: EnvironmentName): { readonly stack: PlatformStack; readonly manifests: readonly Manifest[] } {
  const stack = new environments[name](new App({ outdir: '.' }));
  return { stack, manifests: stack.node.children.filter(Chart.isChart).flatMap((chart): Manifest[] => chart.toJson()) };
}

const built = new Map((Object.keys(environments) as EnvironmentName[]).map((name) => [name, build(name)]));
const everywhere = [...built].map(([name, one]) => ({ name, ...one }));
const specs: readonly ServiceSpec<SettingsShape>[] = Object.values(services);

function podOf(manifests: readonly Manifest[], spec: ServiceSpec) {
  const pod = at(find(manifests, 'Deployment', spec.name), 'spec.template.spec');
  return { pod, container: at(pod, 'containers.0') };
}

describe.each(everywhere)('$name', ({ stack, manifests }) => {
  test.each(specs)('gives $name every setting that it needs, and none that it does not read', (spec) => {
    const { container } = podOf(manifests, spec);
    const plain = Object.keys(find(manifests, 'ConfigMap', `${spec.name}-settings`).data as object);
    const variables = (at(container, 'env') ?? []) as { name: string }[];
    const given = [...plain, ...variables.map(({ name }) => name.replace(/_FILE$/, ''))].sort();

    const known = Object.values(spec.settings);
    const needed = known.filter(({ optional }) => !optional).map(({ env }) => env);
    expect(given).toEqual(expect.arrayContaining(needed));
    expect(known.map(({ env }) => env)).toEqual(expect.arrayContaining(given));
    for (const { env, secret } of known) expect(secret && plain.includes(env)).toBe(false);
  });

  test.each(specs)('opens the port of $name, and probes it as the contract says', (spec) => {
    const { container } = podOf(manifests, spec);
    expect(at(container, 'ports')).toEqual([{ name: 'http', containerPort: spec.port, protocol: 'TCP' }]);
    const { startup, liveness, readiness } = spec.probes;
    for (const [probe, { path, initialDelaySeconds, periodSeconds }] of Object.entries({ liveness, readiness })) {
      expect(at(container, `${probe}Probe`)).toMatchObject({
        httpGet: { path, port: 'http' },
        initialDelaySeconds,
        periodSeconds,
      });
    }
    const periods = ['periodSeconds', 'failureThreshold'].map((key) => Number(at(container, `startupProbe.${key}`)));
    expect(at(container, 'startupProbe.httpGet')).toMatchObject({ path: startup?.path });
    expect(periods.reduce((a, b) => a * b)).toBe(startup?.withinSeconds);
  });

  test('has a Service under the name and port of every service that is called', () => {
    for (const spec of specs) {
      const service = manifests.find(({ kind, metadata }) => kind === 'Service' && metadata.name === spec.name);
      if (spec.kind === 'service') expect(at(service, 'spec.ports')).toMatchObject([{ port: spec.port }]);
      else expect(service).toBeUndefined();
    }
  });

  test('scrapes every service, and every exporter in the cluster', () => {
    const jobs = at(prometheusFile(manifests, 'prometheus.yaml'), 'scrape_configs') as {
      job_name: string;
      metrics_path: string;
    }[];
    const servers = [
      ...Object.values(stack.stores),
      stack.alertmanager,
      stack.grafana,
      stack.otelCollector,
      stack.jobMetrics,
    ];
    const exporters = servers.flatMap((server) => server?.scrapeTarget ?? []);
    const adapters = stack.metricsAdapter ? [metricsAdapter] : [];
    expect(jobs.map(({ job_name }) => job_name)).toEqual([...specs, ...exporters, ...adapters].map(({ name }) => name));
    expect(jobs.slice(0, specs.length).every(({ metrics_path }) => metrics_path === METRICS_PATH)).toBe(true);
  });

  test('scales on nothing that is not recorded, served and scraped', () => {
    const rules = JSON.stringify(prometheusFile(manifests, 'rules.yaml'));
    for (const hpa of manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')) {
      for (const metric of at(hpa, 'spec.metrics') as { type: string; pods?: object; external?: object }[]) {
        if (metric.type === 'Resource') continue;
        const name = String(at(metric, metric.type === 'Pods' ? 'pods.metric.name' : 'external.metric.name'));
        expect(rules).toContain(`"record":"${metric.type === 'Pods' ? 'pod' : 'cluster'}:${name}"`);
        const served =
          metric.type === 'Pods' ? stack.metricsAdapter?.config.rules : stack.metricsAdapter?.config.externalRules;
        expect(served?.map((rule) => rule.name.as)).toContain(name);
      }
    }
  });

  test('gives the broker exactly the queues that workers read, retries wait in and failures end in', () => {
    const files = find(manifests, 'ConfigMap', 'rabbitmq-configuration').data as Record<string, string>;
    const queues = at(JSON.parse(files['topology.json'] ?? ''), 'queues') as { name: string }[];
    const retries = tasks.retryDelaysSeconds.map((delay) => `${tasks.exchange}.retry.${delay}s`);
    expect(queues.map(({ name }) => name)).toEqual([...workQueueNames(tasks), ...retries, tasks.deadLetterQueue]);
  });

  test('opens every flow of the call graph at both ends, and no other between services', () => {
    const names = specs.map(({ name }) => name);
    const wanted = flows
      .filter(({ to }) => !isExternal(to) && names.includes(to.name))
      .map(({ from, to }) => `${from.name} > ${isExternal(to) ? '' : to.name}:${to.port}`);
    const between = (pairs: readonly string[]) =>
      pairs
        .filter((pair) => names.includes(pair.split(' > ')[0] ?? '') && names.includes(pair.split(/ > |:/)[1] ?? ''))
        .sort();

    expect(between(pairsOf(manifests, 'egress'))).toEqual([...wanted].sort());
    expect(between(pairsOf(manifests, 'ingress'))).toEqual([...wanted].sort());
  });

  test('opens each store to those that the call graph sends there', () => {
    for (const store of Object.values(stack.stores).filter(({ inCluster }) => inCluster)) {
      const callers = flows
        .filter(({ to }) => !isExternal(to) && to.name === store.spec.name)
        .map(({ from }) => from.name);
      const open = pairsOf(manifests, 'ingress').filter((pair) => pair.endsWith(` > ${store.spec.name}:${store.port}`));
      const scraped = store.scrapeTarget?.port === store.port ? ['prometheus'] : [];
      // Backups read their own store, and write to the object store.
      const saving = Object.values(backups).filter(
        ({ name, of, ports }) =>
          stack.backups.some(({ spec }) => spec.name === name) &&
          (of.name === store.spec.name
            ? ports.some((port) => port === store.port)
            : store === stack.stores.objectStore),
      );
      expect(open.map((pair) => pair.split(' > ')[0]).sort()).toEqual(
        [...callers, ...scraped, ...saving.map(({ name }) => name)].sort(),
      );
    }
  });

  test('selects pods by the contract’s labels wherever it selects any', () => {
    for (const spec of specs) {
      const labels = selectorLabels(spec, stack.platform.instance);
      expect(at(find(manifests, 'Deployment', spec.name), 'spec.selector.matchLabels')).toMatchObject(labels);
      expect(at(find(manifests, 'NetworkPolicy', spec.name), 'spec.podSelector.matchLabels')).toEqual(labels);
    }
  });

  test('asks for exactly the Secrets that its pods read', () => {
    const read = manifests.flatMap((one) => {
      const pod = at(one, 'spec.template.spec') ?? at(one, 'spec.jobTemplate.spec.template.spec');
      const volumes = (at(pod, 'volumes') ?? []) as { secret?: { secretName: string; items?: { key: string }[] } }[];
      return volumes.flatMap(({ secret }) => secret?.items?.map(({ key }) => `${secret.secretName}/${key}`) ?? []);
    });
    expect(stack.requiredSecrets.map(({ secret, key }) => `${secret}/${key}`)).toEqual([...new Set(read)].sort());
  });
});

function prometheusFile(manifests: readonly Manifest[], file: string): unknown {
  const data = find(manifests, 'ConfigMap', 'prometheus-configuration').data as Record<string, string>;
  return parse(data[file] ?? '');
}

/** `from > to:port` of every rule between pods of the namespace. */
function pairsOf(manifests: readonly Manifest[], direction: 'ingress' | 'egress'): string[] {
  const NAME = 'app.kubernetes.io/name';
  return manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .flatMap((policy) => {
      const self = Reflect.get((at(policy, 'spec.podSelector.matchLabels') ?? {}) as object, NAME);
      const rules = (at(policy, `spec.${direction}`) ?? []) as Record<string, unknown>[];
      return rules.flatMap((rule) => {
        const peers = rule[direction === 'ingress' ? 'from' : 'to'] as {
          podSelector?: { matchLabels: Record<string, string> };
        }[];
        const ports = rule.ports as { port: number }[];
        return peers.flatMap(({ podSelector }) => {
          const other = podSelector?.matchLabels[NAME];
          if (other === undefined || self === undefined) return [];
          return ports.map(({ port }) =>
            direction === 'ingress' ? `${other} > ${self}:${port}` : `${self} > ${other}:${port}`,
          );
        });
      });
    });
}
